import { float32, type NdArray } from '../tensor/nd-array.js';

/** Rows of a matrix `[N, ...]` by their numbers, as float32: a copy. */
export function takeRows(
  { shape: [, ...rest], data }: NdArray<'float32' | 'uint8'>,
  rows: readonly number[],
): NdArray<'float32'> {
  const width = rest.reduce((size, dimension) => size * dimension, 1);
  const taken = new Float32Array(rows.length * width);
  rows.forEach((row, i) => taken.set(data.subarray(row * width, (row + 1) * width), i * width));
  return float32([rows.length, ...rest], taken);
}
