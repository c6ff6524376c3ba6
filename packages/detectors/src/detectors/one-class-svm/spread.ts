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
  const distances = squaredDistances(x.data, mean);
  const middle = average(mean);
  // Within columns, and between them: no difference of greater numbers.
  const variance = average(distances) / mean.length + average(mean.map((value) => (value - middle) ** 2));
  return { centre: float32([mean.length], Float32Array.from(mean)), distances, variance };
}

/** Four sums at a time: a single one would wait for each addition before the next. */
function squaredDistances(data: Float32Array, centre: Float64Array): Float64Array {
  const columns = centre.length;
  const distances = new Float64Array(data.length / columns);
  const unrolled = columns - (columns % 4);
  for (let i = 0, at = 0; i < distances.length; i++, at += columns) {
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let j = 0; j < unrolled; j += 4) {
      a += (data[at + j]! - centre[j]!) ** 2;
      b += (data[at + j + 1]! - centre[j + 1]!) ** 2;
      c += (data[at + j + 2]! - centre[j + 2]!) ** 2;
      d += (data[at + j + 3]! - centre[j + 3]!) ** 2;
    }
    for (let j = unrolled; j < columns; j++) a += (data[at + j]! - centre[j]!) ** 2;
    distances[i] = a + b + (c + d);
  }
  return distances;
}

const average = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
