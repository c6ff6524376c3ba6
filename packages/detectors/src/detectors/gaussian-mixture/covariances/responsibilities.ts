import type { NdArray } from '@kindred/core';

/** Added to each component's share, so that dividing by that of a component which lost all images gives numbers. */
const NEVER_ZERO = 10 * Number.EPSILON;

/** How much of each row belongs to which component: `values` float32 `[N, components]`. */
export interface Responsibilities {
  readonly values: Float32Array;
  readonly components: number;
}

/** The rows that belong to each component, in parts of rows. */
export function countsOf({ values, components }: Responsibilities): Float64Array {
  const counts = new Float64Array(components).fill(NEVER_ZERO);
  for (let at = 0; at < values.length; at += components) {
    for (let k = 0; k < components; k++) counts[k]! += values[at + k]!;
  }
  return counts;
}

/** The weights `[N]` of the rows for component `k`. */
export function weightsOf({ values, components }: Responsibilities, k: number): Float32Array {
  const weights = new Float32Array(values.length / components);
  for (let i = 0, at = k; i < weights.length; i++, at += components) weights[i] = values[at]!;
  return weights;
}

/** The mean `[D]` of the rows of `x` by `weights` of sum `count`, in float64. */
export function exactMean({ data, shape }: NdArray<'float32'>, weights: Float32Array, count: number): Float64Array {
  const columns = shape[1]!;
  const mean = new Float64Array(columns);
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    const share = weights[i]! / count;
    for (let j = 0; j < columns; j++) mean[j]! += share * data[i * columns + j]!;
  }
  return mean;
}
