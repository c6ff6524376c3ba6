import { float32, type NdArray } from '@kindred/core';

import { centred as without, columnMeans } from '../../linalg/centre.js';

import type { Mixture } from './mixture.js';

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

/**
 * Moves the origin of a mixture of variances along the axes, at `centre` `[D]`, to the mean of its means by weights and precisions. A
 * feature of next to no variance in some components, such as one that a network rectifies to 0, is then near 0 in these, and float32
 * products with its precision keep their digits.
 */
export function centredByPrecision(
  { weights, means, precision }: Pick<Mixture, 'weights' | 'means' | 'precision'>,
  centre: NdArray<'float32'>,
): { readonly means: NdArray<'float32'>; readonly centre: NdArray<'float32'> } {
  const [components, columns] = means.shape as [number, number];
  const step = precision.shape[1] === 1 ? 0 : 1;
  const moved = { means: float32(means.shape), centre: float32([columns]) };
  for (let j = 0; j < columns; j++) {
    let [sum, total] = [0, 0];
    for (let k = 0; k < components; k++) {
      const share = weights[k]! * precision.data[k * precision.shape[1]! + step * j]!;
      sum += share * means.data[k * columns + j]!;
      total += share;
    }
    const to = (moved.centre.data[j] = Math.fround(centre.data[j]! + sum / total));
    for (let k = 0; k < components; k++) {
      const at = k * columns + j;
      moved.means.data[at] = means.data[at]! + centre.data[j]! - to;
    }
  }
  return moved;
}
