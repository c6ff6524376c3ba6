import type { Context, NdArray } from '@kindred/core';

import { compileOverRows, joinBlocks } from '../../features/row-program.js';

import { axisAligned } from './covariances/axis-aligned.js';
import { full } from './covariances/full.js';
import type { Maximiser } from './covariances/maximiser.js';
import { tied } from './covariances/tied.js';
import { mahalanobis } from './mahalanobis.js';
import type { Covariance, Mixture } from './mixture.js';

/** Mixtures of one kind of covariance over one matrix of features: what expectation-maximization alternates between. */
export interface MixtureModel extends Maximiser {
  /** Squared Mahalanobis distances `[N, K]` of all rows to all components. */
  distances(mixture: Mixture): Promise<Float32Array>;
}

type CreateMaximiser = (ctx: Context, x: NdArray<'float32'>, regularization: number) => Promise<Maximiser>;

const MAXIMISERS: Readonly<Record<Covariance, CreateMaximiser>> = {
  spherical: (ctx, x, regularization) => axisAligned(ctx, x, regularization, { spherical: true }),
  diagonal: (ctx, x, regularization) => axisAligned(ctx, x, regularization, { spherical: false }),
  tied,
  full,
};

/** Prepares both steps over `x` `[N, D]`, whose mean should be near 0 for the sake of float32; `regularization` is added to variances. */
export async function createModel(
  ctx: Context,
  covariance: Covariance,
  x: NdArray<'float32'>,
  regularization: number,
): Promise<MixtureModel> {
  const program = await compileOverRows(ctx, 'mahalanobis', x, (part, { means, precision }) => ({
    distances: mahalanobis[covariance](part, means!, precision!),
  }));
  const maximiser = await MAXIMISERS[covariance](ctx, x, regularization);
  return {
    distances: async ({ means, precision }) => joinBlocks(await program.run(() => ({ means, precision })), 'distances'),
    maximise: (responsibilities) => maximiser.maximise(responsibilities),
    dispose: async () => void (await Promise.all([program.dispose(), maximiser.dispose()])),
  };
}
