import { float32, type NdArray } from '../tensor/nd-array.js';

/** The rows `indices` of a matrix `[N, D]`, copied to `[indices.length, D]`. */
export function selectRows(matrix: NdArray<'float32'>, indices: readonly number[]): NdArray<'float32'> {
  const [, width = 1] = matrix.shape;
  const selected = float32([indices.length, width]);
  indices.forEach((index, row) =>
    selected.data.set(matrix.data.subarray(index * width, (index + 1) * width), row * width),
  );
  return selected;
}

/** How many rows have a 1 in each column. */
export function columnSums(matrix: NdArray<'uint8'>): number[] {
  const [, width = 1] = matrix.shape;
  const sums = Array.from({ length: width }, () => 0);
  matrix.data.forEach((value, i) => (sums[i % width] = (sums[i % width] ?? 0) + value));
  return sums;
}
