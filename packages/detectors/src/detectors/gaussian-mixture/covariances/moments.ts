import type { NdArray } from '@kindred/core';

/** A mean and a variance of each feature, `[D]`. */
export interface Moments {
  readonly mean: Float64Array;
  readonly variances: Float64Array;
}

/**
 * Of the rows of `x` by `weights` of sum `count`, in float64, in one pass over the rows that have weight: by differences from the heaviest
 * row, so that small variances far from the origin keep their digits.
 */
export function exactMoments({ data, shape }: NdArray<'float32'>, weights: Float32Array, count: number): Moments {
  const columns = shape[1]!;
  const mean = new Float64Array(columns);
  const variances = new Float64Array(columns);
  const rows = weighted(weights);
  if (rows.length === 0) return { mean, variances };
  const heaviest = rows.reduce((most, row) => (weights[row]! > weights[most]! ? row : most)) * columns;
  const pivot = Float64Array.from(data.subarray(heaviest, heaviest + columns));
  let total = 0;
  // Two rows at a time read and write each sum once for both. A missing one has no weight.
  for (let at = 0; at < rows.length; at += 2) {
    const [one, other = one] = [rows[at]!, rows[at + 1]];
    const [weight, otherWeight] = [weights[one]!, other === one ? 0 : weights[other]!];
    total += weight + otherWeight;
    addRows(mean, variances, data, pivot, one * columns, other * columns, weight, otherWeight);
  }
  for (let j = 0; j < columns; j++) {
    const sum = mean[j]!;
    mean[j] = (pivot[j]! * total + sum) / count;
    const shift = mean[j]! - pivot[j]!;
    variances[j] = Math.max(0, (variances[j]! - 2 * shift * sum + shift * shift * total) / count);
  }
  return { mean, variances };
}

function addRows(
  sums: Float64Array,
  squares: Float64Array,
  data: Float32Array,
  pivot: Float64Array,
  one: number,
  other: number,
  weight: number,
  otherWeight: number,
): void {
  for (let j = 0; j < pivot.length; j++) {
    const from = pivot[j]!;
    const [a, b] = [data[one + j]! - from, data[other + j]! - from];
    const [weightedA, weightedB] = [weight * a, otherWeight * b];
    sums[j]! += weightedA + weightedB;
    squares[j]! += weightedA * a + weightedB * b;
  }
}

function weighted(weights: Float32Array): number[] {
  const rows: number[] = [];
  for (let i = 0; i < weights.length; i++) if (weights[i] !== 0) rows.push(i);
  return rows;
}
