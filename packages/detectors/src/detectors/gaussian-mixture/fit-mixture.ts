import { KindredError, type Context, type NdArray } from '@kindred/core';

import { prepareCentreDistances } from '../../clustering/centre-distances.js';
import { candidatesFor } from '../../clustering/seeding.js';

import { expectation } from './expectation.js';
import { expectationMaximization, type Estimate } from './expectation-maximization.js';
import { logOffsets } from './mixture.js';
import { createModel, type MixtureModel } from './model.js';
import type { Options } from './options.js';
import { createStarts, type Starts } from './starts.js';

export interface FittedMixture {
  readonly estimate: Estimate;
  /** Of the rows under the mixture, `[N]`. */
  readonly logLikelihoods: Float64Array;
}

/**
 * The likeliest mixture of `options.starts` starts on `x` `[N, D]`, whose mean should be near 0.
 * @throws KINDRED_FIT_TOO_FEW, KINDRED_FIT_SINGULAR, KINDRED_FEATURES_INVALID
 */
export async function fitMixture(x: NdArray<'float32'>, options: Options, ctx: Context): Promise<FittedMixture> {
  requireEnough(x.shape[0]!, options.components);
  const { components } = options;
  const centres = await prepareCentreDistances(ctx, x, Math.max(components, candidatesFor(components)));
  try {
    const model = await createModel(ctx, options.covariance, x, options.regularization, centres);
    try {
      const estimate = await likeliest(model, createStarts(x, centres, options), options, ctx);
      const distances = await model.distances(estimate.mixture);
      return { estimate, logLikelihoods: expectation(distances, logOffsets(estimate.mixture)).logLikelihoods };
    } finally {
      await model.dispose();
    }
  } finally {
    await centres.dispose();
  }
}

async function likeliest(model: MixtureModel, starts: Starts, options: Options, ctx: Context): Promise<Estimate> {
  const step = ctx.progress.start({
    name: 'gaussian-mixture',
    total: options.starts * options.maxIterations,
    unit: 'iteration',
  });
  let best: Estimate | undefined;
  try {
    for (let i = 0; i < options.starts; i++) {
      const { signal } = ctx;
      const start = await model.maximise(await starts.next({ random: ctx.random.fork(`start ${i}`), signal }));
      const estimate = await expectationMaximization(model, start, options, ctx, (lowerBound) =>
        step.advance(1, `log-likelihood ${lowerBound.toFixed(3)}`),
      );
      if (!best || estimate.lowerBounds.at(-1)! > best.lowerBounds.at(-1)!) best = estimate;
    }
  } finally {
    step.end();
  }
  return best!;
}

function requireEnough(rows: number, components: number): void {
  const fewest = Math.max(2, components);
  if (rows >= fewest) return;
  throw new KindredError('KINDRED_FIT_TOO_FEW', {
    message: `gaussian-mixture with ${components} ${components === 1 ? 'component' : 'components'} must be fitted on at least ${fewest} images. Got ${rows}.`,
    received: rows,
    hint: components > 2 ? 'Lower "components", or add training images.' : 'Add training images.',
  });
}
