import type { Random } from '@kindred/core';

import type { Sheet } from './sheet.js';
import { between } from './svg.js';

/** A place for one motif, in shares of the sheet's width and height; `scale` 1 is 100 pixels across. */
interface Spot {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
  readonly turn: number;
}

/** Where the title stands, and the spots, the first for the poster's hero. */
interface Layout {
  readonly title: 'top' | 'bottom';
  readonly largest: number;
  readonly spots: readonly Spot[];
}

const spot = (x: number, y: number, scale: number, turn = 0): Spot => ({ x, y, scale, turn });

const DRAW = {
  hero: (random) => ({
    title: random.next() < 0.5 ? 'top' : 'bottom',
    largest: 46,
    spots: [spot(0.5, 0.52, 1.9), spot(0.17, 0.74, 0.9, -8), spot(0.83, 0.74, 0.9, 8), spot(0.82, 0.28, 0.75)],
  }),
  diagonal: (random) => {
    const side = random.next() < 0.5 ? 1 : -1;
    const x = (share: number): number => 0.5 + side * (share - 0.5);
    return {
      title: 'bottom',
      largest: 50,
      spots: [
        spot(x(0.58), 0.4, 1.75, side * -14),
        spot(x(0.24), 0.16, 0.8, side * -14),
        spot(x(0.2), 0.6, 0.85, side * -10),
        spot(x(0.86), 0.7, 0.75),
      ],
    };
  },
  row: (random) => ({
    title: random.next() < 0.7 ? 'top' : 'bottom',
    largest: 48,
    spots: [spot(0.5, 0.57, 1.15), spot(0.18, 0.62, 1, -5), spot(0.82, 0.62, 1, 5), spot(0.5, 0.32, 0.7)],
  }),
  scatter: (random) => ({
    title: random.next() < 0.5 ? 'top' : 'bottom',
    largest: 46,
    spots: [
      spot(0.36, 0.42, 1.35, between(random, -12, 12)),
      spot(0.76, 0.6, 0.95, between(random, -15, 15)),
      spot(0.24, 0.7, 0.85, between(random, -15, 15)),
      spot(0.8, 0.3, 0.8, between(random, -15, 15)),
    ],
  }),
  small: (random) => ({
    title: random.next() < 0.6 ? 'bottom' : 'top',
    largest: 34,
    spots: [
      spot(between(random, 0.35, 0.65), 0.55, 0.95),
      spot(0.2, 0.63, 0.7),
      spot(0.8, 0.63, 0.7),
      spot(0.75, 0.3, 0.55),
    ],
  }),
  tower: (random) => ({
    title: random.next() < 0.4 ? 'top' : 'bottom',
    largest: 42,
    spots: [spot(0.5, 0.36, 1.4), spot(0.3, 0.72, 1), spot(0.74, 0.73, 0.95), spot(0.16, 0.24, 0.65)],
  }),
} satisfies Record<string, (random: Random) => Layout>;

export type LayoutName = keyof typeof DRAW;

/** Lays a poster out; every spot is moved a little, so that no two posters line up. Positions are in pixels. */
export function drawLayout(name: LayoutName, sheet: Sheet, random: Random): Layout {
  const layout = DRAW[name](random);
  // The title takes the sheet's upper or lower fifth; the motifs share the rest.
  const top = layout.title === 'top' ? 0.19 : 0.02;
  const spots = layout.spots.map(({ x, y, scale, turn }) => ({
    x: (x + between(random, -0.03, 0.03)) * sheet.width,
    y: (top + y * 0.82 + between(random, -0.025, 0.025)) * sheet.height,
    scale: scale * between(random, 0.85, 1.12),
    turn: turn + between(random, -4, 4),
  }));
  return { ...layout, spots };
}
