import { setImmediate } from 'node:timers/promises';

import { type Context, float32, KindredError, type NdArray, type NdArrays } from '@kindred/core';

import { squaredRows, sumOfSquares } from '../../linalg/centre.js';
import { cholesky } from '../../linalg/cholesky.js';
import { invertLower } from '../../linalg/invert-lower.js';
import { crossProduct, gram, multiplyTransposed, rowGram } from '../../linalg/products.js';
import { symmetricEigenAsync } from '../../linalg/symmetric-eigen.js';
import { RELATIVE_TOLERANCE } from '../../principal/count.js';
import { transposed, unitRows } from '../../linalg/rows.js';

import { ledoitWolfShrinkage } from './shrinkage.js';

type Matrix = NdArray<'float32'>;
type Covariance = 'empirical' | 'ledoit-wolf';

/** What of the variance of a feature the others must leave unexplained: less cannot be told from nothing in float32 products. */
const LEAST_OWN_VARIANCE = 1e-5;

/** How squared distances are computed, and those of the training images. */
interface Whitening {
  /**
   * Either `whitening` `[D, D]`, by which deviations are multiplied; or `basis` `[R, D]`, orthonormal, with `weights` `[R]`, the inverse
   * variances along it.
   */
  readonly tensors: NdArrays;
  /** With a basis: the inverse variance in all other directions. */
  readonly restWeight: number;
  readonly shrinkage: number;
  /** `[N]`, squared. */
  readonly distances: Float64Array;
}

/**
 * Squared Mahalanobis distances for `deviations` `[N, D]` of mean 0 and mean variance 1. With fewer than half as many images as features the
 * covariance is a multiple of the identity but for N - 1 directions, and no matrix `[D, D]` is made.
 * @throws KINDRED_FIT_SINGULAR for an empirical covariance without an inverse
 */
export function whiten(deviations: Matrix, covariance: Covariance, ctx: Context): Promise<Whitening> {
  const [rows = 0, columns = 0] = deviations.shape;
  return covariance === 'ledoit-wolf' && 2 * rows < columns
    ? whitenAlongBasis(deviations, ctx)
    : whitenByCholesky(deviations, covariance, ctx);
}

async function whitenAlongBasis(deviations: Matrix, ctx: Context): Promise<Whitening> {
  const [rows = 0, columns = 0] = deviations.shape;
  const product = await rowGram(deviations, ctx);
  const shrinkage = ledoitWolfShrinkage(deviations, sumOfSquares(product));
  if (!(shrinkage > LEAST_OWN_VARIANCE)) throw unshrunk(rows, shrinkage);
  const { values, vectors } = await symmetricEigenAsync(product, rows, rankOfProduct, ctx.signal);
  const rank = vectors.length / rows;
  const leading = float32([rank, rows], Float32Array.from(vectors));
  const basis = unitRows(await crossProduct(transposed(leading), deviations, ctx), columns);
  const weights = values.slice(0, rank).map((value) => 1 / (((1 - shrinkage) * value) / rows + shrinkage));

  const distances = new Float64Array(rows);
  for (let k = 0; k < rank; k++) {
    for (let i = 0; i < rows; i++) distances[i]! += values[k]! * weights[k]! * vectors[k * rows + i]! ** 2;
  }
  return {
    tensors: { basis: float32([rank, columns], basis), weights: float32([rank], Float32Array.from(weights)) },
    restWeight: 1 / shrinkage,
    shrinkage,
    distances,
  };
}

function rankOfProduct(values: Float64Array): number {
  return values.filter((value) => value > RELATIVE_TOLERANCE * values[0]!).length;
}

async function whitenByCholesky(deviations: Matrix, covariance: Covariance, ctx: Context): Promise<Whitening> {
  const [rows = 0, columns = 0] = deviations.shape;
  if (covariance === 'empirical' && rows <= columns) throw tooFew(rows, columns);
  const matrix = await gram(deviations, ctx);
  const shrinkage = covariance === 'empirical' ? 0 : ledoitWolfShrinkage(deviations, sumOfSquares(matrix));
  for (let i = 0; i < matrix.length; i++) matrix[i]! *= (1 - shrinkage) / rows;
  for (let j = 0; j < columns; j++) matrix[j * (columns + 1)]! += shrinkage;

  const inverse = await inverseFactor(matrix, columns, ctx);
  const whitened = await multiplyTransposed(deviations, inverse, ctx);
  return {
    tensors: { whitening: inverse },
    restWeight: 0,
    shrinkage,
    distances: squaredRows(whitened),
  };
}

/** The inverse of the lower Cholesky factor. */
async function inverseFactor(matrix: Float64Array, n: number, { signal }: Context): Promise<Matrix> {
  const lower = cholesky(matrix, n);
  for (let j = 0; j < n; j++) {
    const at = j * (n + 1);
    if (!lower || !(lower[at]! ** 2 > LEAST_OWN_VARIANCE * matrix[at]!)) throw singular(lower && j);
  }
  await setImmediate();
  signal.throwIfAborted();
  return float32([n, n], Float32Array.from(invertLower(lower!, n)));
}

function unshrunk(rows: number, shrinkage: number): KindredError {
  return new KindredError('KINDRED_FIT_SINGULAR', {
    message: `Training images for mahalanobis must differ in more than one way for their covariance to be shrunk to one with an inverse. Got ${rows} images and a shrinkage of ${shrinkage.toPrecision(2)}.`,
    received: shrinkage,
    hint: 'Add images, and check the training set for copies.',
  });
}

const HINT = 'Set "covariance": "ledoit-wolf", put pca before, or add images.';

function tooFew(rows: number, columns: number): KindredError {
  return new KindredError('KINDRED_FIT_SINGULAR', {
    message: `An empirical covariance for mahalanobis needs more training images than features. Got ${rows} images of ${columns} features.`,
    received: rows,
    hint: HINT,
  });
}

function singular(column: number | undefined): KindredError {
  const which = column === undefined ? '' : ` Feature ${column} is constant, or given by those before it.`;
  return new KindredError('KINDRED_FIT_SINGULAR', {
    message: `The covariance for mahalanobis must have an inverse. Got one that has none.${which}`,
    received: column,
    hint: HINT,
  });
}
