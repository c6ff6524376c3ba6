import { defineHead } from '@kindred/core';

import { pairwiseDistances } from './distances.js';
import { distanceFactors, embeddingNetwork } from './embedding-network.js';
import { siameseOptions } from './options.js';
import { createObjective, type SamplerName } from './pair-loss.js';
import { drawBatches } from './samplers/batch.js';
import { indexLabels } from './samplers/label-index.js';
import { drawPairs } from './samplers/pairs.js';
import type { Sampler } from './samplers/sampler.js';
import { drawTriplets } from './samplers/triplets.js';

const SAMPLERS: Readonly<Record<SamplerName, Sampler>> = {
  pairs: drawPairs,
  triplets: drawTriplets,
  batch: drawBatches,
};

/**
 * The same network over two images or more (Bromley et al. 1993), trained so that images which share a label are near each other:
 * it then compares images of labels that it never saw.
 */
export const siamese = defineHead({
  name: 'siamese',
  version: 1,
  summary: 'Learns an embedding in which images that share a label are near, also of labels that it never saw.',
  options: siameseOptions,
  tags: { multiLabel: true, embedding: true },
  create(options, spec, ctx) {
    const { sampler, of, loss } = createObjective(options, ctx);
    return {
      network: embeddingNetwork({ ...options, features: spec.features, logits: of === 'logits' }),
      loss,
      splittable: false,
      order(targets, batchSize, random) {
        const index = indexLabels(targets);
        const batches = options.stepsPerEpoch ?? Math.ceil(index.labelled.length / batchSize);
        return SAMPLERS[sampler]({ index, batchSize, batches, imagesPerLabel: options.imagesPerLabel, random });
      },
      distances: (weights, a, b) => pairwiseDistances(options.distance, a, b, distanceFactors(weights)),
    };
  },
});
