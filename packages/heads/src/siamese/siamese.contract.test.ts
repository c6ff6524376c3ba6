import { embeddingHeadChecks } from '@kindred/core/testing';
import { describe, expect, it } from 'vitest';

import { siamese } from './siamese.js';

describe('siamese keeps the contract', () => {
  const variants: object[] = [
    { embedding: 8 },
    { embedding: 8, sampler: 'batch', mining: 'all', normalize: true, stepsPerEpoch: 1 },
    { embedding: 8, sampler: 'batch', mining: 'hard', distance: 'cosine', stepsPerEpoch: 1 },
    { hidden: [12], embedding: 4, sampler: 'batch', mining: 'semi-hard', distance: 'weighted-l1', dropout: 0.1 },
    { embedding: 8, sampler: 'triplets', distance: 'cosine' },
    { embedding: 'none' },
    { hidden: [16, 8], activation: 'tanh', embedding: 'none', stepsPerEpoch: 2 },
  ];

  it.each(variants.flatMap((options) => embeddingHeadChecks.map((check) => [check.name, options, check] as const)))(
    '%s, with %j',
    async (_, options, { run }) => {
      await run(siamese, options);
    },
  );

  it.each([
    { embedding: 0 },
    { embedding: 'features' },
    { distance: 'manhattan' },
    { sampler: 'random' },
    { imagesPerLabel: 1 },
    { stepsPerEpoch: 0 },
    { mining: 'easy' },
    { margin: 1 },
  ])('refuses the options %j', (options) => {
    expect(siamese.options.safeParse(options).success).toBe(false);
  });
});
