import { float32, type NdArray } from '@kindred/core';

import { columnMeans } from '../../linalg/centre.js';

/** How the rows of features lie about their centre. */
export interface Spread {
  /** The mean of each column, `[D]`. */
  readonly centre: NdArray<'float32'>;
  /** Squared distances of the rows to it, `[N]`. */
  readonly distances: Float64Array;
  /** The population's variance of all values; 0 exactly where they are all equal. */
  readonly variance: number;
}

/** Of `x` `[N, D]`, in float64. */
export function spreadOf(x: NdArray<'float32'>): Spread {
  const mean = columnMeans(x);
  const columns = mean.length;
  const distances = new Float64Array(x.data.length / columns);
  for (let i = 0, at = 0; i < distances.length; i++, at += columns) {
    let sum = 0;
    for (let j = 0; j < columns; j++) {
      const difference = x.data[at + j]! - mean[j]!;
      sum += difference * difference;
    }
    distances[i] = sum;
  }
  const middle = average(mean);
  // Within columns, and between them: no difference of greater numbers.
  const variance = average(distances) / columns + average(mean.map((value) => (value - middle) ** 2));
  return { centre: float32([columns], Float32Array.from(mean)), distances, variance };
}

const average = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
