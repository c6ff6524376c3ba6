import { type Context, float32, type NdArray } from '@kindred/core';

import { centred, columnMeans, sumOfSquares } from '../../linalg/centre.js';
import { multiplyTransposed } from '../../linalg/products.js';
import type { SolverOption } from '../../principal/options.js';
import { principalComponents } from '../../principal/principal-components.js';

type Matrix = NdArray<'float32'>;

/** Parts that the training images are divided into, each of which is scored by a fit on the others. */
const FOLDS = 5;

/** Squared distances `[N]` of the rows of `x` `[N, D]` from the plane through `mean` along `components` `[K, D]`. */
export async function residuals(
  x: Matrix,
  mean: Float64Array,
  components: Matrix,
  ctx: Context,
): Promise<Float64Array> {
  const deviations = centred(x, mean);
  const along = await multiplyTransposed(deviations, components, ctx);
  const squares = squaredRows(deviations);
  const explained = squaredRows(along);
  return squares.map((square, i) => Math.max(0, square - explained[i]!));
}

/**
 * The residuals of training images under fits without them, by cross-validation (Stone 1974). `own`, those under the fit on all, deals
 * the images into parts that are alike, whatever their order.
 */
export async function heldOutResiduals(
  x: Matrix,
  own: Float64Array,
  options: { readonly components: number; readonly solver: SolverOption },
  ctx: Context,
): Promise<Float64Array> {
  const order = Uint32Array.from(own.keys()).sort((i, j) => own[i]! - own[j]!);
  const folds = Math.min(FOLDS, own.length);
  const result = new Float64Array(own.length);
  for (let fold = 0; fold < folds; fold++) {
    const outside = order.filter((_, place) => place % folds === fold);
    const others = rowsOf(x, order.filter((_, place) => place % folds !== fold).sort());
    const { mean, components } = await fitOthers(others, options, ctx);
    const values = await residuals(rowsOf(x, outside), mean, components, ctx);
    outside.forEach((row, i) => (result[row] = values[i]!));
  }
  return result;
}

async function fitOthers(x: Matrix, options: { components: number; solver: SolverOption }, ctx: Context) {
  const [rows = 0, columns = 0] = x.shape;
  const mean = columnMeans(x);
  // Copies of one image, or one alone, are a point: everything off it is residual.
  if (rows < 2 || sumOfSquares(centred(x, mean)) === 0) return { mean, components: float32([1, columns]) };
  const components = Math.min(options.components, rows, columns);
  return principalComponents('pca-residual', x, { ...options, components }, ctx);
}

function rowsOf({ shape, data }: Matrix, rows: Uint32Array): Matrix {
  const [, columns = 0] = shape;
  const result = float32([rows.length, columns]);
  rows.forEach((row, i) => result.data.set(data.subarray(row * columns, (row + 1) * columns), i * columns));
  return result;
}

function squaredRows({ shape, data }: Matrix): Float64Array {
  const [rows = 0, columns = 0] = shape;
  const sums = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) sums[i]! += data[i * columns + j]! ** 2;
  }
  return sums;
}
