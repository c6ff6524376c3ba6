import { componentOption } from '@kindred/core';
import { z } from 'zod';

import { activationOption, dropoutOption, hiddenOption } from '../dense/options.js';

import { DISTANCES } from './distances.js';

export const siameseOptions = z.strictObject({
  hidden: hiddenOption.default([]).describe('Dense layers before the embedding.'),
  activation: activationOption.default('relu').describe('Follows every hidden layer.'),
  dropout: dropoutOption.default(0).describe('Share of inputs that each dense layer misses in training.'),
  embedding: z
    .union([z.int().positive(), z.literal('none')])
    .default(64)
    .describe(
      'Length of the embedding that a last dense layer gives; "none": what comes before it is the embedding, the features themselves without hidden layers.',
    ),
  normalize: z.boolean().default(false).describe('Bring every embedding to the length 1, as FaceNet does.'),
  distance: z
    .enum(DISTANCES)
    .default('euclidean')
    .describe(
      'Between two embeddings: "euclidean"; "cosine", 1 - cosine; "weighted-l1", absolute differences weighted by what is learned (Koch 2015).',
    ),
  loss: componentOption('loss', 'contrastive').describe(
    'Of distances of pairs, of triplets, or of logits: those that pairs show the same, learned from their distance (Koch 2015).',
  ),
  sampler: z
    .enum(['pairs', 'triplets', 'batch'])
    .optional()
    .describe(
      'How batches are drawn: as pairs, half of them the same; as triplets; or as several images of several labels each, among which all pairs or triplets count. Left out: "pairs", with a loss of triplets "batch".',
    ),
  imagesPerLabel: z.int().min(2).default(4).describe('With the sampler "batch": images of each label in a batch.'),
  mining: z
    .enum(['all', 'semi-hard', 'hard'])
    .optional()
    .describe(
      'With the sampler "batch", which pairs or triplets count: all; for each pair of the same, the nearest other that is farther (triplets alone); or for each image the farthest of the same and the nearest other. Left out: "all", with a loss of triplets "semi-hard".',
    ),
  stepsPerEpoch: z
    .int()
    .min(1)
    .optional()
    .describe('Batches drawn for an epoch. Left out: as many as its images fill once.'),
});

export type SiameseOptions = z.output<typeof siameseOptions>;
