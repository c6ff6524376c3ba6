import { defineThreshold, KindredError } from '@kindred/core';
import { z } from 'zod';

/**
 * The detector's own boundary, a score: where its `nu` or `contamination` puts it on the training images. Needs no validation
 * images.
 */
export const boundary = defineThreshold({
  name: 'boundary',
  version: 1,
  summary: "The detector's own boundary, where its nu or contamination puts it.",
  options: z.strictObject({}),
  tags: { multiLabel: true },
  choose(_, { labels, boundary: own }) {
    if (own !== undefined) return { values: labels.map(() => own), notes: [] };
    throw new KindredError('KINDRED_MANIFEST_VALUE', {
      message: 'The threshold boundary needs a detector with a boundary of its own. Got scores without one.',
      path: 'thresholds',
      received: 'boundary',
      hint: 'Use "quantile" for a detector without nu or contamination, and "fixed" or "max-f1" for a head.',
    });
  },
});
