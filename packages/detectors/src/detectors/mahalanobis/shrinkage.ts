import type { NdArray } from '@kindred/core';

/**
 * The shrinkage of Ledoit & Wolf (2004): which share of the covariance to replace by a multiple of the identity, so that the expected squared
 * error is least. `deviations` `[N, D]` have mean 0 and `squares` is the sum of the squared elements of their Gram matrix, of rows or of
 * columns, which have the same.
 */
export function ledoitWolfShrinkage({ shape, data }: NdArray<'float32'>, squares: number): number {
  const [rows = 0, columns = 0] = shape;
  // One variance alone is a multiple of the identity already.
  if (columns === 1) return 0;
  let [trace, fourth] = [0, 0];
  for (let at = 0; at < data.length; at += columns) {
    let norm = 0;
    for (let j = 0; j < columns; j++) norm += data[at + j]! * data[at + j]!;
    trace += norm / rows;
    fourth += norm * norm;
  }
  const covarianceSquares = squares / rows ** 2;
  const distance = (covarianceSquares - trace ** 2 / columns) / columns;
  const error = Math.min((fourth / rows - covarianceSquares) / (columns * rows), distance);
  return error <= 0 ? 0 : error / distance;
}
