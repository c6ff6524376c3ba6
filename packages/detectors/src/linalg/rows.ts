import { float32, type NdArray } from '@kindred/core';

/** `[M, N]` of `[N, M]`. */
export function transposed({ shape, data }: NdArray<'float32'>): NdArray<'float32'> {
  const [rows = 0, columns = 0] = shape;
  const result = float32([columns, rows]);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result.data[j * rows + i] = data[i * columns + j]!;
  }
  return result;
}

/** Each row of `columns` elements scaled to length 1. */
export function unitRows(matrix: Float64Array | Float32Array, columns: number): Float32Array {
  const result = new Float32Array(matrix.length);
  for (let at = 0; at < matrix.length; at += columns) {
    let squares = 0;
    for (let j = 0; j < columns; j++) squares += matrix[at + j]! ** 2;
    const length = Math.sqrt(squares);
    for (let j = 0; j < columns; j++) result[at + j] = matrix[at + j]! / length;
  }
  return result;
}

/** Turns each row in place so that its entry that is largest by size is positive; of several the first. */
export function orientRows(matrix: Float32Array, columns: number): Float32Array {
  for (let at = 0; at < matrix.length; at += columns) {
    let largest = 0;
    for (let j = 0; j < columns; j++) if (Math.abs(matrix[at + j]!) > Math.abs(largest)) largest = matrix[at + j]!;
    if (largest < 0) for (let j = 0; j < columns; j++) matrix[at + j]! *= -1;
  }
  return matrix;
}
