import type { NdArray } from '@kindred/core';

import { logOffsets, type Mixture } from '../mixture.js';

/** Rounding of float32 products of some hundred terms, relative to the sum of their sizes. */
const ROUNDING = 2e-6;
/** Errors of log-densities that need no correction: few rows come near this bound, and not all to the same side. */
const BEARABLE = 1e-2;
/** Components whose density is e^40 times less than a row's greatest have no share in it. */
const NO_SHARE = 40;

/**
 * Computes anew by differences in float64, in place, what products in float32 may have got wrong and what matters: `distances` `[N, K]` of
 * rows of `x` `[N, D]` to those components of variances along the axes that may have a share in the row. In many dimensions that is one
 * or two. Errors are relative to squared means times precisions: large for a feature of next to no variance in a component, such as one
 * that a network rectifies to 0.
 */
export function refine(x: NdArray<'float32'>, mixture: Mixture, distances: Float32Array): void {
  const offsets = logOffsets(mixture);
  const parts = Array.from(offsets, (_, k) => partOf(mixture, k));
  const components = offsets.length;
  const errors = new Float64Array(components);
  const columns = x.shape[1]!;
  for (let at = 0, row = 0; at < distances.length; at += components, row += columns) {
    let least = -Infinity;
    for (let k = 0; k < components; k++) {
      const distance = distances[at + k]!;
      // The squares of a row add up to at most twice the distance and twice the squares of the mean.
      errors[k] = (ROUNDING * (2 * distance + 3 * parts[k]!.size)) / 2;
      least = Math.max(least, offsets[k]! - distance / 2 - errors[k]!);
    }
    for (let k = 0; k < components; k++) {
      const most = offsets[k]! - distances[at + k]! / 2 + errors[k]!;
      if (errors[k]! > BEARABLE && most > least - NO_SHARE) distances[at + k] = exactDistance(x.data, row, parts[k]!);
    }
  }
}

/** One component, each feature with a precision. */
interface Part {
  readonly mean: Float64Array;
  readonly precision: Float64Array;
  /** The squared length of the mean as the component measures it. */
  readonly size: number;
}

function partOf({ means, precision }: Mixture, k: number): Part {
  const [columns, width] = [means.shape[1]!, precision.shape[1]!];
  const part = {
    mean: Float64Array.from(means.data.subarray(k * columns, (k + 1) * columns)),
    precision:
      width === 1
        ? new Float64Array(columns).fill(precision.data[k]!)
        : Float64Array.from(precision.data.subarray(k * columns, (k + 1) * columns)),
  };
  return { ...part, size: exactDistance(new Float32Array(columns), 0, part) };
}

/** From the row that starts at `row`. Two sums need not wait for each other. */
function exactDistance(data: Float32Array, row: number, { mean, precision }: Omit<Part, 'size'>): number {
  const columns = mean.length;
  let [even, odd] = [0, 0];
  let j = 0;
  for (; j < columns - 1; j += 2) {
    const a = data[row + j]! - mean[j]!;
    const b = data[row + j + 1]! - mean[j + 1]!;
    even += a * a * precision[j]!;
    odd += b * b * precision[j + 1]!;
  }
  if (j < columns) even += (data[row + j]! - mean[j]!) ** 2 * precision[j]!;
  return even + odd;
}
