/**
 * A single-stroke alphabet of our own, on a grid 4 wide and 6 high (M, I and W differ in width): a bare machine has no fonts.
 * Each string is one stroke. Styles give the strokes their weight, ends and dress.
 */
interface Glyph {
  readonly width: number;
  readonly strokes: readonly string[];
}

const glyph = (width: number, ...strokes: string[]): Glyph => ({ width, strokes });

export const GLYPHS: Readonly<Record<string, Glyph>> = {
  A: glyph(4, 'M0 6L2 0L4 6', 'M0.8 4H3.2'),
  B: glyph(4, 'M0 0H2.4Q3.8 0 3.8 1.5Q3.8 3 2.4 3H0', 'M2.4 3Q4 3 4 4.5Q4 6 2.4 6H0V0'),
  C: glyph(4, 'M4 1Q3.2 0 2 0Q0 0 0 3Q0 6 2 6Q3.2 6 4 5'),
  D: glyph(4, 'M0 0H1.6Q4 0 4 3Q4 6 1.6 6H0V0'),
  E: glyph(3.6, 'M3.6 0H0V6H3.6', 'M0 3H3'),
  F: glyph(3.6, 'M3.6 0H0V6', 'M0 3H3'),
  G: glyph(4, 'M4 1Q3.2 0 2 0Q0 0 0 3Q0 6 2 6Q4 6 4 3.4H2.4'),
  H: glyph(4, 'M0 0V6', 'M4 0V6', 'M0 3H4'),
  I: glyph(0.6, 'M0.3 0V6'),
  J: glyph(3.4, 'M3.4 0V4.4Q3.4 6 1.8 6Q0 6 0 4.4'),
  K: glyph(4, 'M0 0V6', 'M4 0L0 3.4', 'M1.3 2.5L4 6'),
  L: glyph(3.4, 'M0 0V6H3.4'),
  M: glyph(5, 'M0 6V0L2.5 4L5 0V6'),
  N: glyph(4, 'M0 6V0L4 6V0'),
  O: glyph(4, 'M2 0Q4 0 4 3Q4 6 2 6Q0 6 0 3Q0 0 2 0'),
  P: glyph(4, 'M0 6V0H2.3Q4 0 4 1.7Q4 3.4 2.3 3.4H0'),
  Q: glyph(4, 'M2 0Q4 0 4 3Q4 6 2 6Q0 6 0 3Q0 0 2 0', 'M2.6 4.4L4 6.2'),
  R: glyph(4, 'M0 6V0H2.3Q4 0 4 1.7Q4 3.4 2.3 3.4H0', 'M2 3.4L4 6'),
  S: glyph(4, 'M3.8 1Q3.2 0 2 0Q0.2 0 0.2 1.5Q0.2 2.8 2 3Q4 3.2 4 4.5Q4 6 2 6Q0.6 6 0 5'),
  T: glyph(4, 'M0 0H4', 'M2 0V6'),
  U: glyph(4, 'M0 0V4Q0 6 2 6Q4 6 4 4V0'),
  V: glyph(4, 'M0 0L2 6L4 0'),
  W: glyph(5.4, 'M0 0L1.3 6L2.7 1.6L4.1 6L5.4 0'),
  X: glyph(4, 'M0 0L4 6', 'M4 0L0 6'),
  Y: glyph(4, 'M0 0L2 3L4 0', 'M2 3V6'),
  Z: glyph(4, 'M0 0H4L0 6H4'),
  '0': glyph(4, 'M2 0Q4 0 4 3Q4 6 2 6Q0 6 0 3Q0 0 2 0', 'M1.4 4L2.6 2'),
  '2': glyph(4, 'M0 1.4Q0 0 2 0Q4 0 4 1.7Q4 3 0 6H4'),
  '3': glyph(4, 'M0 0H4L1.8 2.5Q4 2.5 4 4.2Q4 6 2 6Q0.6 6 0 5'),
  '!': glyph(0.6, 'M0.3 0V4', 'M0.3 5.6V6'),
  ' ': glyph(2),
};

/** The start and end of a stroke whose path begins with M and whose last coordinates are absolute. */
export function ends(stroke: string): readonly (readonly [x: number, y: number])[] {
  let [x, y] = [0, 0];
  const visited: [number, number][] = [];
  for (const [, command, numbers] of stroke.matchAll(/([MLHVQ])([^MLHVQ]*)/g)) {
    const values = (numbers ?? '').trim().split(/\s+/).map(Number);
    const last = values.at(-1) ?? 0;
    if (command === 'H') x = last;
    else if (command === 'V') y = last;
    else [x, y] = [values.at(-2) ?? 0, last];
    visited.push([x, y]);
  }
  const [first, final] = [visited[0], visited.at(-1)];
  return first && final ? [first, final] : [];
}
