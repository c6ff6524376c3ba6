import { KindredError, type Context } from '@kindred/core';

import { expectation, mean } from './expectation.js';
import { logOffsets, type Mixture } from './mixture.js';
import type { MixtureModel } from './model.js';

export interface Stopping {
  /** Ends where the mean log-likelihood changes by less than this. */
  readonly tolerance: number;
  readonly maxIterations: number;
}

export interface Estimate {
  readonly mixture: Mixture;
  /** The mean log-likelihood of the rows before each M step. */
  readonly lowerBounds: readonly number[];
  readonly converged: boolean;
}

/**
 * Expectation-maximization (Dempster, Laird & Rubin 1977) from `start`. `onIteration` hears the lower bound of each iteration.
 * @throws KINDRED_FIT_SINGULAR, and KINDRED_FEATURES_INVALID for features whose squares float32 cannot hold
 */
export async function expectationMaximization(
  model: MixtureModel,
  start: Mixture,
  { tolerance, maxIterations }: Stopping,
  { signal }: Pick<Context, 'signal'>,
  onIteration: (lowerBound: number) => void = () => undefined,
): Promise<Estimate> {
  const components = start.weights.length;
  const lowerBounds: number[] = [];
  let mixture = start;
  let before = -Infinity;
  while (lowerBounds.length < maxIterations) {
    signal.throwIfAborted();
    const { responsibilities, logLikelihoods } = expectation(await model.distances(mixture), logOffsets(mixture));
    const lowerBound = finite(mean(logLikelihoods));
    lowerBounds.push(lowerBound);
    onIteration(lowerBound);
    // The estimate of a single component is its maximum already.
    if (components === 1) return { mixture, lowerBounds, converged: true };
    mixture = await model.maximise({ values: responsibilities, components });
    if (Math.abs(lowerBound - before) < tolerance) return { mixture, lowerBounds, converged: true };
    before = lowerBound;
  }
  return { mixture, lowerBounds, converged: false };
}

function finite(logLikelihood: number): number {
  if (Number.isFinite(logLikelihood)) return logLikelihood;
  throw new KindredError('KINDRED_FEATURES_INVALID', {
    message: `Features for gaussian-mixture must give a finite log-likelihood in float32. Got ${logLikelihood}.`,
    received: logLikelihood,
    hint: 'Features this large or this unequal in size must be scaled first: put "standard-scaler" among the transforms.',
  });
}
