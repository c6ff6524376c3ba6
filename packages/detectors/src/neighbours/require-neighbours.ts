import { KindredError } from '@kindred/core';
import { z } from 'zod';

/** The option `neighbours`, with a default of the detector's own. */
export const neighboursOption = (count: number) =>
  z
    .int()
    .min(1)
    .default(count)
    .describe(
      'How many nearest training images each image is compared with. There must be more training images than that.',
    );

/**
 * Makes sure that each of `rows` training rows has `neighbours` others.
 * @throws KINDRED_FIT_TOO_FEW
 */
export function requireNeighbours(component: string, rows: number, neighbours: number, what = 'training images'): void {
  if (rows > neighbours) return;
  throw new KindredError('KINDRED_FIT_TOO_FEW', {
    message: `${component} must get more ${what} than "neighbours", which is ${neighbours}: an image is not its own neighbour. Got ${rows}.`,
    received: rows,
    hint:
      rows > 1
        ? `Set "neighbours" to ${rows - 1} or less, or give at least ${neighbours + 1} different images.`
        : `Give at least ${neighbours + 1} different images.`,
  });
}
