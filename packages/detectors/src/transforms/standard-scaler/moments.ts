import type { NdArray } from '@kindred/core';

import { columnMeans } from '../../linalg/centre.js';

/** Spreads below the smallest normal float32 are none to an engine that flushes smaller numbers to zero. */
const SMALLEST_SPREAD = 2 ** -126;

/** Mean and standard deviation (the population's) of each column. */
export interface Moments {
  readonly mean: Float64Array;
  /** 1 for a constant column, so that dividing by it changes nothing. */
  readonly scale: Float64Array;
}

/** Moments of the columns of `x` `[N, D]` by the corrected two-pass method (Chan, Golub, LeVeque 1983). */
export function columnMoments(x: NdArray<'float32'>): Moments {
  const { data } = x;
  const [rows = 0, columns = 0] = x.shape;
  const mean = columnMeans(x);
  const squares = new Float64Array(columns);
  const rests = new Float64Array(columns);
  for (let i = 0; i < rows; i++) addDifferences(squares, rests, data, i * columns, mean);
  // What rounding left in the mean would otherwise look like variance.
  const scale = squares.map((square, j) => {
    const variance = Math.max(0, square - rests[j]! ** 2 / rows) / rows;
    const deviation = Math.sqrt(variance);
    return isConstant(variance, mean[j]!, rows) || deviation < SMALLEST_SPREAD ? 1 : deviation;
  });
  return { mean, scale };
}

function addDifferences(
  squares: Float64Array,
  rests: Float64Array,
  data: Float32Array,
  at: number,
  mean: Float64Array,
): void {
  for (let j = 0; j < mean.length; j++) {
    const difference = data[at + j]! - mean[j]!;
    squares[j]! += difference * difference;
    rests[j]! += difference;
  }
}

/** Whether the variance is within the rounding error of a constant column's: the bound that scikit-learn uses. */
function isConstant(variance: number, mean: number, rows: number): boolean {
  return variance <= rows * Number.EPSILON * variance + (rows * mean * Number.EPSILON) ** 2;
}
