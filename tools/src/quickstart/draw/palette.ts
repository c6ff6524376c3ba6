/** The colours one poster is printed in. */
export interface Palette {
  /** The backdrop's top and bottom. */
  readonly sky: readonly [top: string, bottom: string];
  readonly ground: string;
  /** Silhouettes and outlines: dark on light palettes, and dark enough on dark ones. */
  readonly ink: string;
  readonly accent: string;
  readonly pop: string;
  /** The title: readable on both ends of the sky. */
  readonly title: string;
  /** The title's shadow. */
  readonly shade: string;
}

const palette = (
  top: string,
  bottom: string,
  ground: string,
  ink: string,
  accent: string,
  pop: string,
  title: string,
  shade: string,
): Palette => ({ sky: [top, bottom], ground, ink, accent, pop, title, shade });

export const PALETTES = {
  fire: palette('#2a0a08', '#e4571b', '#3a0f0a', '#170605', '#f7b32b', '#ffe98a', '#fff1c1', '#7a1208'),
  steel: palette('#0d1b26', '#4f7f96', '#13242f', '#070d12', '#e9732b', '#bfe0ec', '#f2f6f8', '#0a1118'),
  candy: palette('#ffe14d', '#ff9fb2', '#ff7a59', '#3b1f4f', '#e63b7a', '#2fb7c9', '#d6263f', '#ffffff'),
  picnic: palette('#8fd6ff', '#fdf6c9', '#63b34c', '#274029', '#ef4b3f', '#ffc93c', '#ffffff', '#1f5f8f'),
  pastel: palette('#fcd5dd', '#fff3e6', '#e9a7b4', '#5c2b3f', '#d9486e', '#f6b98f', '#a62b52', '#ffffff'),
  wine: palette('#3a0f24', '#b5485a', '#2a0a1b', '#1b0610', '#f08a9b', '#ffd9b0', '#ffe9e1', '#2a0a1b'),
  ash: palette('#8b98a3', '#d8d6cf', '#5f6a72', '#23292e', '#7a4b3a', '#c9b28c', '#22282d', '#eceae4'),
  dusk: palette('#27324f', '#c98e72', '#1d2233', '#10131d', '#e7c08a', '#9fb0d0', '#f5ead8', '#1a2033'),
  grave: palette('#050807', '#25402f', '#0a120d', '#020403', '#8fd14f', '#d9f2b4', '#b7ff6a', '#08130b'),
  blood: palette('#0b0306', '#4d0a12', '#15040a', '#050102', '#c4121f', '#e8dcd0', '#e0202c', '#000000'),
  neon: palette('#0a0630', '#4a1a7a', '#12083f', '#050218', '#25e2f0', '#ff3fb4', '#c9fbff', '#5a1fd0'),
  cosmos: palette('#020512', '#14356b', '#0a1a3a', '#01030a', '#7fd4ff', '#f7d05a', '#eaf6ff', '#1a4aa0'),
  dust: palette('#f2c879', '#d9772f', '#a2531f', '#3a1a0a', '#7d2b12', '#fbe6b5', '#5a210d', '#f9dfa4'),
  sepia: palette('#e9d7b0', '#c9a56b', '#8f6a3a', '#3b2814', '#8a3b1c', '#f4e8cb', '#442c14', '#efe0bd'),
  paper: palette('#ffffff', '#f0f0ea', '#dcdcd2', '#1d1d1f', '#e0342b', '#f5b700', '#e0342b', '#ffd9d6'),
} as const satisfies Record<string, Palette>;

export type PaletteName = keyof typeof PALETTES;
