import type { Context, NdArray } from '@kindred/core';

import type { CentreDistances } from '../../clustering/centre-distances.js';

import { axisAligned } from './covariances/axis-aligned.js';
import { correlatedDistances, diagonalDistances, sphericalDistances, type Distances } from './covariances/distances.js';
import { full } from './covariances/full.js';
import type { Maximiser } from './covariances/maximiser.js';
import { tied } from './covariances/tied.js';
import type { Covariance, Mixture } from './mixture.js';

/** Mixtures of one kind of covariance over one matrix of features: what expectation-maximization alternates between. */
export interface MixtureModel extends Maximiser {
  /** Squared Mahalanobis distances `[N, K]` of all rows to all components. */
  distances(mixture: Mixture): Promise<Float32Array>;
}

type CreateDistances = (
  ctx: Context,
  x: NdArray<'float32'>,
  centres: CentreDistances,
) => Distances | Promise<Distances>;

const DISTANCES: Readonly<Record<Covariance, CreateDistances>> = {
  spherical: (_, x, centres) => sphericalDistances(x, centres),
  diagonal: diagonalDistances,
  tied: (ctx, x) => correlatedDistances(ctx, 'tied', x),
  full: (ctx, x) => correlatedDistances(ctx, 'full', x),
};

type CreateMaximiser = (ctx: Context, x: NdArray<'float32'>, regularization: number) => Promise<Maximiser>;

const MAXIMISERS: Readonly<Record<Covariance, CreateMaximiser>> = {
  spherical: (ctx, x, regularization) => axisAligned(ctx, x, regularization, { spherical: true }),
  diagonal: (ctx, x, regularization) => axisAligned(ctx, x, regularization, { spherical: false }),
  tied,
  full,
};

/**
 * Prepares both steps over `x` `[N, D]`, whose mean should be near 0 for the sake of float32; `regularization` is added to variances.
 * @param centres Distances of the rows of `x` to as many centres as there are components; they stay the caller's.
 */
export async function createModel(
  ctx: Context,
  covariance: Covariance,
  x: NdArray<'float32'>,
  regularization: number,
  centres: CentreDistances,
): Promise<MixtureModel> {
  const distances = await DISTANCES[covariance](ctx, x, centres);
  const maximiser = await MAXIMISERS[covariance](ctx, x, regularization);
  return {
    distances: (mixture) => distances.of(mixture),
    maximise: (responsibilities) => maximiser.maximise(responsibilities),
    dispose: async () => void (await Promise.all([distances.dispose(), maximiser.dispose()])),
  };
}
