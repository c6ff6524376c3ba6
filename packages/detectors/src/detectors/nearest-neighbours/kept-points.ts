import { type Context, float32, type NdArray } from '@kindred/core';

import { requireNeighbours } from '../../neighbours/require-neighbours.js';

import { greedyCoreset } from './coreset.js';

/** The training points that new images are compared with. */
export interface KeptPoints {
  /** `[M, E]` of the training points `[N, E]`. */
  readonly points: NdArray<'float32'>;
  /** For each training image its number among those kept, or -1. */
  readonly own: Int32Array;
  readonly notes: readonly string[];
}

/**
 * All training points, or a coreset of them: a share of them if `size` is below 1, else so many.
 * @throws KINDRED_FIT_TOO_FEW if no more than `neighbours` would be kept
 */
export async function keepPoints(
  component: string,
  points: NdArray<'float32'>,
  { size, neighbours }: { size: number | undefined; neighbours: number },
  ctx: Context,
): Promise<KeptPoints> {
  const rows = points.shape[0]!;
  const wanted = size === undefined ? rows : size < 1 ? Math.round(size * rows) : size;
  if (wanted >= rows) return { points, own: Int32Array.from({ length: rows }, (_, row) => row), notes: [] };
  requireNeighbours(component, wanted, neighbours, 'images in its coreset');
  const chosen = await greedyCoreset(points, wanted, ctx);
  requireNeighbours(component, chosen.length, neighbours, 'different images in its coreset');
  const own = new Int32Array(rows).fill(-1);
  chosen.forEach((row, number) => (own[row] = number));
  const copies =
    `The coreset of ${component} keeps ${chosen.length} images instead of ${wanted}: ` +
    'every other training image has the same features as one of them.';
  return { points: rowsOf(points, chosen), own, notes: chosen.length < wanted ? [copies] : [] };
}

function rowsOf({ shape, data }: NdArray<'float32'>, rows: Int32Array): NdArray<'float32'> {
  const columns = shape[1]!;
  const kept = float32([rows.length, columns]);
  rows.forEach((row, i) => kept.data.set(data.subarray(row * columns, (row + 1) * columns), i * columns));
  return kept;
}
