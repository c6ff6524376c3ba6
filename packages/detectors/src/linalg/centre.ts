import { float32, type NdArray } from '@kindred/core';

/** Means of the columns of `x` `[N, D]`, in float64. */
export function columnMeans({ shape, data }: NdArray<'float32'>): Float64Array {
  const [rows = 0, columns = 0] = shape;
  const mean = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    const at = i * columns;
    for (let j = 0; j < columns; j++) mean[j]! += data[at + j]!;
  }
  return mean.map((sum) => sum / rows);
}

/** `x` `[N, D]` less `mean` `[D]` in each row: a new array, rounded once. */
export function centred({ shape, data }: NdArray<'float32'>, mean: Float64Array): NdArray<'float32'> {
  const columns = mean.length;
  const result = new Float32Array(data.length);
  for (let at = 0; at < data.length; at += columns) {
    for (let j = 0; j < columns; j++) result[at + j] = data[at + j]! - mean[j]!;
  }
  return float32(shape, result);
}

/** The sum of the squares of all elements, in float64. */
export function sumOfSquares(data: Float32Array | Float64Array): number {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i]! * data[i]!;
  return sum;
}

/** The sum of the squares of each row of `x` `[N, D]`, in float64. */
export function squaredRows({ shape, data }: NdArray<'float32'>): Float64Array {
  const [rows = 0, columns = 0] = shape;
  const sums = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let at = i * columns; at < (i + 1) * columns; at++) sum += data[at]! * data[at]!;
    sums[i] = sum;
  }
  return sums;
}
