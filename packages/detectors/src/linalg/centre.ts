import { float32, type NdArray } from '@kindred/core';

// Loops over a row are functions of their own: called for each row, they are compiled once and for good, where a loop over all rows is
// compiled anew in each of the first fits.

/** Means of the columns of `x` `[N, D]`, in float64. */
export function columnMeans({ shape, data }: NdArray<'float32'>): Float64Array {
  const [rows = 0, columns = 0] = shape;
  const mean = new Float64Array(columns);
  for (let i = 0; i < rows; i++) addRow(mean, data, i * columns);
  for (let j = 0; j < columns; j++) mean[j]! /= rows;
  return mean;
}

function addRow(sum: Float64Array, data: Float32Array, at: number): void {
  for (let j = 0; j < sum.length; j++) sum[j]! += data[at + j]!;
}

/** A matrix less the means of its columns. */
interface Centred {
  /** `[D]`, in float64. */
  readonly mean: Float64Array;
  /** `[N, D]`: a new array, rounded once. */
  readonly deviations: NdArray<'float32'>;
  /** The sum of the squares of each row of the deviations `[N]`, in float64. */
  readonly squares: Float64Array;
}

/** Takes the means of its columns off `x` `[N, D]`. */
export function centre(x: NdArray<'float32'>): Centred {
  const mean = columnMeans(x);
  return { mean, ...without(x, mean) };
}

/** `x` `[N, D]` less `mean` `[D]` in each row: a new array, rounded once. */
export function centred(x: NdArray<'float32'>, mean: Float64Array): NdArray<'float32'> {
  return without(x, mean).deviations;
}

function without({ data, shape }: NdArray<'float32'>, mean: Float64Array): Omit<Centred, 'mean'> {
  const [rows = 0, columns = 0] = shape;
  const result = new Float32Array(data.length);
  const squares = new Float64Array(rows);
  for (let i = 0; i < rows; i++) squares[i] = subtract(result, data, i * columns, mean);
  return { deviations: float32(shape, result), squares };
}

/** Takes `mean` off a row, and gives the sum of the squares of what is left. */
function subtract(result: Float32Array, data: Float32Array, at: number, mean: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < mean.length; j++) {
    const deviation = Math.fround(data[at + j]! - mean[j]!);
    result[at + j] = deviation;
    sum += deviation * deviation;
  }
  return sum;
}

/** The sum of all elements. */
export function sumOf(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}

/** The sum of the squares of all elements, in float64. */
export function sumOfSquares(data: Float64Array): number {
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
