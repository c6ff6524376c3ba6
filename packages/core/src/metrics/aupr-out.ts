import { z } from 'zod';

import type { Scored } from '../plugin/contract.js';
import { defineMetric } from '../plugin/define.js';
import { float32, uint8 } from '../tensor/nd-array.js';

import { averagePrecision, rankLabel } from './ranking.js';
import { meanOfDefined, weighted } from './weighted.js';

/**
 * Average precision of finding the images that do not carry a label, lowest scores first: AUPR-Out of work on out-of-distribution
 * detection (Hendrycks and Gimpel 2017). Of equal scores it is the share of those images.
 */
export const auprOut = defineMetric({
  name: 'aupr-out',
  version: 1,
  summary: 'Mean over labels of average precision with the images that do not carry the label as positives.',
  options: z.strictObject({}),
  tags: { multiLabel: true },
  higherIsBetter: true,
  headline: true,
  ...weighted('aupr-out', (_: object, input) => {
    const opposite = mirrored(input);
    const rankings = input.labels.map((_, column) => rankLabel(opposite, column));
    return (counts) => {
      const perLabel = rankings.map((ranking) => averagePrecision(ranking, counts));
      return { value: meanOfDefined(perLabel), perLabel };
    };
  }),
});

/** Carriers and others exchanged, in the opposite order. */
function mirrored({ labels, scores, targets }: Scored): Scored {
  return {
    labels,
    scores: float32(
      scores.shape,
      scores.data.map((score) => -score),
    ),
    targets: uint8(
      targets.shape,
      targets.data.map((target) => 1 - target),
    ),
  };
}
