import { z } from 'zod';

import { contaminationOption } from '../boundary/contamination.js';

import { COVARIANCES } from './mixture.js';

export const options = z.strictObject({
  components: z
    .int()
    .min(1)
    .max(1000)
    .default(1)
    .describe('How many Gaussians: more than one where normal images come in kinds. Compare counts by BIC.'),
  covariance: z
    .enum(COVARIANCES)
    .default('diagonal')
    .describe(
      'spherical: one variance for each component; diagonal: one for each feature too; tied: one matrix for all components; full: one matrix each, which needs several times as many images as features.',
    ),
  init: z
    .enum(['k-means', 'k-means++', 'random'])
    .default('k-means')
    .describe(
      'Where a start puts the components: on clusters of k-means; k-means++: on images far from each other; random: on random images.',
    ),
  starts: z.int().min(1).max(100).default(1).describe('Starts of which the likeliest mixture is kept.'),
  regularization: z
    .number()
    .min(0)
    .default(1e-6)
    .describe('Added to the variance of each feature, so that covariances have an inverse.'),
  tolerance: z
    .number()
    .min(0)
    .default(1e-3)
    .describe('A start has converged where the mean log-likelihood changes by less.'),
  maxIterations: z.int().min(1).max(10_000).default(100).describe('Iterations of each start at most.'),
  contamination: contaminationOption,
});

export type Options = z.output<typeof options>;
