import type { Palette } from '../palette.js';

/** How the strokes of the alphabet are dressed. Lengths are in grid units: a letter is 6 high. */
export interface LetterStyle {
  readonly weight: number;
  /** Space between letters. */
  readonly tracking: number;
  /** Stretches letters sideways. */
  readonly stretch?: number;
  readonly round?: boolean;
  /** Leans to the right, in degrees. */
  readonly slant?: number;
  /** Random turn of each letter in degrees, and random lift in grid units. */
  readonly dance?: readonly [turn: number, lift: number];
  readonly serifs?: boolean;
  readonly drips?: boolean;
  readonly outline?: 'shade' | 'glow' | 'drop';
  /** A gap pattern in the strokes. */
  readonly dash?: string;
  readonly colour?: (palette: Palette) => string;
}

export const LETTERINGS = {
  poster: { weight: 1.25, tracking: 1.5, outline: 'drop' },
  speed: { weight: 1.3, tracking: 1.4, slant: 16, outline: 'shade' },
  stencil: { weight: 1.35, tracking: 1.7, dash: '2.6 0.35', outline: 'drop' },
  bubble: { weight: 1.7, tracking: 1.9, round: true, dance: [9, 0.8], outline: 'shade' },
  scrawl: { weight: 0.9, tracking: 1.6, round: true, dance: [14, 0.9], outline: 'shade' },
  quiet: { weight: 0.42, tracking: 2.6, outline: 'shade' },
  roman: { weight: 0.6, tracking: 2.2, serifs: true, outline: 'shade' },
  slab: { weight: 1.1, tracking: 2.2, serifs: true, stretch: 0.9, outline: 'drop' },
  wanted: { weight: 0.95, tracking: 2, serifs: true, stretch: 1.15, colour: ({ ink }) => ink },
  drip: { weight: 1.2, tracking: 1.7, round: true, drips: true, dance: [3, 0.3], outline: 'drop' },
  claw: { weight: 0.75, tracking: 1.3, stretch: 0.75, dance: [7, 0.5], outline: 'shade' },
  neonTube: { weight: 0.5, tracking: 2, round: true, outline: 'glow', colour: ({ accent }) => accent },
  wide: { weight: 0.8, tracking: 1.9, stretch: 1.35, slant: 6, outline: 'glow' },
  ribbon: { weight: 0.7, tracking: 1.2, round: true, slant: 14, dance: [2, 0.4], outline: 'shade' },
} as const satisfies Record<string, LetterStyle>;

export type LetteringName = keyof typeof LETTERINGS;
