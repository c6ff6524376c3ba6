import { float32, type NdArray } from '@kindred/core';

import { centred as without, columnMeans } from '../../linalg/centre.js';

export interface Centred {
  /** Features less `centre`, `[N, D]`. */
  readonly x: NdArray<'float32'>;
  /** The mean of each feature, `[D]`. */
  readonly centre: NdArray<'float32'>;
}

/**
 * Moves the rows of `x` `[N, D]` to mean 0: float32 loses as many digits of squared distances as means are larger than spreads. The
 * centre is rounded to float32 first, so that other features can be moved by exactly as much.
 */
export function centred(features: NdArray<'float32'>): Centred {
  const means = Float32Array.from(columnMeans(features));
  return { x: without(features, Float64Array.from(means)), centre: float32([means.length], means) };
}
