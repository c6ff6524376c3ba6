import { type Context, float32, type NdArray } from '@kindred/core';

import { requireFeatures } from '../features/require-features.js';
import { centre, sumOf, sumOfSquares } from '../linalg/centre.js';
import { leadingEigen, OVERSAMPLES } from '../linalg/leading-eigen.js';
import { crossProduct, gram, multiplyTransposed, rowGram } from '../linalg/products.js';
import { orientRows, transposed, unitRows } from '../linalg/rows.js';
import { type Eigen, symmetricEigenAsync } from '../linalg/symmetric-eigen.js';

import { countOf, rankOf } from './count.js';
import { chooseSolver, type Components, type SolverOption } from './options.js';
import { requireDifferences, requireEnough } from './requirements.js';

type Matrix = NdArray<'float32'>;

interface PrincipalComponents {
  /** `[D]` */
  readonly mean: Float64Array;
  /** `[K, D]`: unit rows, of which the entry that is largest by size is positive, as in scikit-learn 1.9. */
  readonly components: Matrix;
  /** `[K]`, descending, with N - 1 in the denominator. */
  readonly variances: Float64Array;
  /** The sum of the variances of all D columns. */
  readonly totalVariance: number;
  /** Directions `[S, D]` after the components, at most as many as were asked to spare: `components` and these span what is known. */
  readonly spare: Matrix;
  /** `[N]`: squared lengths of the deviations, which are divided by `unit`. */
  readonly squares: Float64Array;
  /** The sum of the squares of the variances of the deviations in all directions. */
  readonly squaredVariances: number;
  /** `x` less the mean, `[N, D]`, divided by `unit`. */
  readonly deviations: Matrix;
  /** A power of two, 1 unless squares of the deviations might leave float32. */
  readonly unit: number;
}

interface Options {
  readonly components: Components;
  readonly solver: SolverOption;
  /** How many more directions to give; none where left out. */
  readonly spare?: number;
}

/** Rows of a matrix up to which it takes no longer to find its eigenvectors than to approximate them. */
const EXACT = 250;

/** Variances below this share of the largest are measured again along the components, where products lose less. */
const SMALL = 1e-3;

/**
 * Principal components of `x` `[N, D]` (Jolliffe 2002), as many as `components` says, but none whose variance is within
 * `RELATIVE_TOLERANCE` of nothing. Where there are fewer images than features their Gram matrix `[N, N]` is diagonalised.
 * @throws KINDRED_FEATURES_INVALID, KINDRED_FIT_TOO_FEW naming `component`, where components or differences are missing
 */
export async function principalComponents(
  component: string,
  x: Matrix,
  options: Options,
  ctx: Context,
): Promise<PrincipalComponents> {
  const [rows, columns] = requireFeatures(component, x);
  requireEnough(component, options.components, rows, columns);
  const { mean, deviations, squares } = centre(x);
  const totalVariance = sumOf(squares) / (rows - 1);
  requireDifferences(component, rows, totalVariance);
  const unit = takeOutUnit(deviations, totalVariance / columns);

  const solver = chooseSolver(options.solver, options.components, rows, columns);
  const byRows = rows < columns && solver !== 'covariance';
  const size = byRows ? rows : columns;
  const product = await (byRows ? rowGram(deviations, ctx) : gram(deviations, ctx));
  for (let i = 0; i < product.length; i++) product[i]! /= rows - 1;
  const count = (values: Float64Array): number => countOf(options.components, values, totalVariance / unit ** 2, rows);
  const withSpare = (values: Float64Array): number =>
    Math.min(count(values) + (options.spare ?? 0), rankOf(values, rows));
  const asked = solver === 'randomized' ? (options.components as number) : undefined;
  const { values, vectors } = await eigen(product, size, asked, withSpare, ctx);

  const kept = count(values);
  const known = Math.min(withSpare(values), vectors.length / size);
  const leading = float32([known, size], new Float32Array(vectors.subarray(0, known * size)));
  const found = byRows ? await crossProduct(transposed(leading), deviations, ctx) : leading.data;
  const directions = orientRows(unitRows(found, columns), columns);
  const components = float32([kept, columns], directions.slice(0, kept * columns));
  const variances = await refined(values.slice(0, kept), deviations, components, ctx);
  return {
    mean,
    components,
    variances: variances.map((value) => value * unit ** 2),
    totalVariance,
    spare: float32([known - kept, columns], directions.slice(kept * columns)),
    squaredVariances: sumOfSquares(product),
    deviations,
    squares: squares.map((square) => square / unit ** 2),
    unit,
  };
}

/** Divides by a power of two, which is exact, where squares might overflow or underflow in float32. */
function takeOutUnit({ data }: Matrix, variance: number): number {
  if (variance > 1e-12 && variance < 1e12) return 1;
  const unit = 2 ** Math.floor(Math.log2(variance) / 2);
  for (let i = 0; i < data.length; i++) data[i]! /= unit;
  return unit;
}

/** By subspace iteration where `asked` says how many, unless the exact way is faster or those are nearly all or more than the rank. */
async function eigen(
  matrix: Float64Array,
  size: number,
  asked: number | undefined,
  count: (values: Float64Array) => number,
  ctx: Context,
): Promise<Eigen> {
  if (asked !== undefined && size > EXACT && asked + OVERSAMPLES < size) {
    const leading = await leadingEigen(matrix, size, asked, ctx);
    if (leading) return leading;
  }
  return symmetricEigenAsync(matrix, size, count, ctx.signal);
}

/**
 * Variances of the deviations along the components: their error is that of the components squared, where the eigenvalues of a float32
 * product are wrong by 1e-7 of the largest.
 */
async function refined(variances: Float64Array, deviations: Matrix, components: Matrix, ctx: Context) {
  if (variances.at(-1)! >= SMALL * variances[0]!) return variances;
  const scores = await multiplyTransposed(deviations, components, ctx);
  const count = variances.length;
  const sums = new Float64Array(count);
  for (let at = 0; at < scores.data.length; at += count) {
    for (let j = 0; j < count; j++) sums[j]! += scores.data[at + j]! ** 2;
  }
  return sums.map((sum) => sum / (scores.shape[0]! - 1));
}
