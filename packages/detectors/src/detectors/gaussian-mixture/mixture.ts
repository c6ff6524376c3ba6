import type { NdArray } from '@kindred/core';

export const COVARIANCES = ['spherical', 'diagonal', 'tied', 'full'] as const;
export type Covariance = (typeof COVARIANCES)[number];

/** The parameters of a mixture of K Gaussians in D dimensions. */
export interface Mixture {
  /** `[K]`, of sum 1. */
  readonly weights: Float64Array;
  /** `[K, D]`. */
  readonly means: NdArray<'float32'>;
  /**
   * What `mahalanobis` takes, by kind of covariance: precisions `[K, 1]` (spherical) and `[K, D]` (diagonal), or lower triangular factors F
   * with precision F^T F, `[D, D]` (tied) and `[K, D, D]` (full).
   */
  readonly precision: NdArray<'float32'>;
  /** `[K]`: half the logarithms of the precisions' determinants. */
  readonly halfLogDeterminants: Float64Array;
}

/** `[K]`: what is added to minus half the squared Mahalanobis distance for the logarithm of weight times density. */
export function logOffsets({ weights, means, halfLogDeterminants }: Mixture): Float64Array {
  const constant = (means.shape[1]! / 2) * Math.log(2 * Math.PI);
  return weights.map((weight, k) => Math.log(weight) + halfLogDeterminants[k]! - constant);
}
