import { setImmediate } from 'node:timers/promises';

import type { Context } from '@kindred/core';

import { cholesky } from '../../../linalg/cholesky.js';
import { invertLower } from '../../../linalg/invert-lower.js';

/** A covariance's inverse in parts. */
export interface Factored {
  /** Lower triangular F `[D, D]` with precision F^T F. */
  readonly factor: Float64Array;
  /** Half the logarithm of the precision's determinant. */
  readonly halfLogDeterminant: number;
}

/**
 * Adds `regularization` to the diagonal of `covariance` `[n, n]` and inverts its Cholesky factor. Undefined where a variance that others
 * leave unexplained is below `smallest` of the largest variance, or not positive.
 */
export async function factorise(
  { signal }: Pick<Context, 'signal'>,
  covariance: Float64Array,
  n: number,
  regularization: number,
  smallest = 0,
): Promise<Factored | undefined> {
  const regularised = covariance.slice();
  let largest = 0;
  for (let j = 0; j < n; j++) {
    regularised[j * n + j]! += regularization;
    largest = Math.max(largest, regularised[j * n + j]!);
  }
  const lower = cholesky(regularised, n);
  if (!lower) return undefined;
  let halfLogDeterminant = 0;
  for (let j = 0; j < n; j++) {
    const pivot = lower[j * n + j]!;
    if (pivot * pivot < smallest * largest) return undefined;
    halfLogDeterminant -= Math.log(pivot);
  }
  // Each half takes most of a second for 2,048 features.
  await setImmediate();
  signal.throwIfAborted();
  return { factor: invertLower(lower, n), halfLogDeterminant };
}
