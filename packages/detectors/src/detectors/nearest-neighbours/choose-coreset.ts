import type { Context, NdArray } from '@kindred/core';

import { requireNeighbours } from '../../neighbours/require-neighbours.js';

import { greedyCoreset } from './coreset.js';

export interface ChosenRows {
  /** Numbers of training rows. */
  readonly chosen: Int32Array;
  readonly notes: readonly string[];
}

/**
 * A coreset of the training points `[N, E]`: a share of them if `size` is below 1, else so many. Undefined if that is all of them.
 * @throws KINDRED_FIT_TOO_FEW if no more than `neighbours` would be chosen
 */
export async function chooseCoreset(
  component: string,
  points: NdArray<'float32'>,
  { size, neighbours }: { size: number; neighbours: number },
  ctx: Context,
): Promise<ChosenRows | undefined> {
  const rows = points.shape[0]!;
  const wanted = size < 1 ? Math.round(size * rows) : size;
  if (wanted >= rows) return undefined;
  requireNeighbours(component, wanted, neighbours, 'images in its coreset');
  const chosen = await greedyCoreset(points, wanted, ctx);
  requireNeighbours(component, chosen.length, neighbours, 'different images in its coreset');
  if (chosen.length === wanted) return { chosen, notes: [] };
  const copies =
    `The coreset of ${component} keeps ${chosen.length} images instead of ${wanted}: ` +
    'every other training image has the same features as one of them.';
  return { chosen, notes: [copies] };
}
