import type { Context, NdArray } from '@kindred/core';

import { assignNearest, centresOf, emptyAssignment } from './assignment.js';
import type { CentreDistances } from './centre-distances.js';
import { rowsOf } from './rows-of.js';

export interface Clusters {
  /** The cluster of each row, from 0. */
  readonly labels: Int32Array;
  /** Clusters that have rows: fewer than seeds where rows are equal. */
  readonly count: number;
}

export interface KMeansOptions {
  /** 0 leaves each row with its nearest seed. Default 300. */
  readonly maxIterations?: number;
  /** Ends where the centres together moved by less than this share of a column's mean variance. Default 1e-4. */
  readonly tolerance?: number;
}

/**
 * Lloyd's algorithm (1982) from the rows `seeds` of `x` `[N, D]`, whose mean should be near 0. Defaults, and what becomes of a cluster
 * that loses all rows, are scikit-learn's.
 */
export async function kMeans(
  { signal }: Pick<Context, 'signal'>,
  x: NdArray<'float32'>,
  distances: CentreDistances,
  seeds: readonly number[],
  { maxIterations = 300, tolerance = 1e-4 }: KMeansOptions = {},
): Promise<Clusters> {
  const smallestMove = (tolerance * sumOf(distances.norms)) / x.data.length;
  const assignment = emptyAssignment(x.shape[0]!, x.shape[1]!, seeds.length);
  let centres = rowsOf(x, seeds);
  let settled = false;
  for (let iteration = 0; ; iteration++) {
    signal.throwIfAborted();
    const moved = assignNearest(assignment, x, await distances.to(centres), distances.width);
    if (!moved || settled || iteration === maxIterations) break;
    const next = centresOf(assignment);
    settled = squaredDifference(centres, next) <= smallestMove;
    centres = next;
  }
  return withoutEmpty(assignment.labels, assignment.counts);
}

/** Numbers the clusters that have rows anew, from 0. */
function withoutEmpty(labels: Int32Array, counts: Int32Array): Clusters {
  let count = 0;
  const numbers = Array.from(counts, (size) => (size > 0 ? count++ : -1));
  return { labels: labels.map((label) => numbers[label]!), count };
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

function squaredDifference(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += (one[i]! - other[i]!) ** 2;
  return sum;
}
