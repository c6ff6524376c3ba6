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
  for (const row of rows) total += weights[row]!;
  for (let at = 0; at < rows.length; at += 4) {
    // Missing rows of the last four have no weight.
    const start = (r: number) => (rows[at + r] ?? 0) * columns;
    const share = (r: number) => weights[rows[at + r] ?? -1] ?? 0;
    addRows(
      mean,
      variances,
      data,
      pivot,
      [start(0), start(1), start(2), start(3)],
      [share(0), share(1), share(2), share(3)],
    );
  }
  for (let j = 0; j < columns; j++) {
    const sum = mean[j]!;
    mean[j] = (pivot[j]! * total + sum) / count;
    const shift = mean[j]! - pivot[j]!;
    variances[j] = Math.max(0, (variances[j]! - 2 * shift * sum + shift * shift * total) / count);
  }
  return { mean, variances };
}

type Four = readonly [number, number, number, number];

/** Adds differences of rows that start at these places, and their squares, by `shares`: four at a time use each sum read and written. */
function addRows(
  sums: Float64Array,
  squares: Float64Array,
  data: Float32Array,
  pivot: Float64Array,
  [atA, atB, atC, atD]: Four,
  [shareA, shareB, shareC, shareD]: Four,
): void {
  // Arrays to unpack would cost more here than the arithmetic.
  for (let j = 0; j < pivot.length; j++) {
    const from = pivot[j]!;
    const a = data[atA + j]! - from;
    const b = data[atB + j]! - from;
    const c = data[atC + j]! - from;
    const d = data[atD + j]! - from;
    const partA = shareA * a;
    const partB = shareB * b;
    const partC = shareC * c;
    const partD = shareD * d;
    sums[j]! += partA + partB + (partC + partD);
    squares[j]! += partA * a + partB * b + (partC * c + partD * d);
  }
}

function weighted(weights: Float32Array): number[] {
  const rows: number[] = [];
  for (let i = 0; i < weights.length; i++) if (weights[i] !== 0) rows.push(i);
  return rows;
}
