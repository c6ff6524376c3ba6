import { z } from 'zod';

import { defineMetric } from '../plugin/define.js';

import { falsePositiveRateAt, rankLabel } from './ranking.js';
import { meanOfDefined, weighted } from './weighted.js';

/**
 * The share of other images that is let through by the highest threshold that keeps a share `tpr` of those with the label. Equal
 * scores stay together: where the threshold falls into a tie, the whole tie is let through.
 */
export const fprAtTpr = defineMetric({
  name: 'fpr-at-tpr',
  version: 1,
  summary:
    'Share of the other images let through where a given share of those with the label is kept, mean over labels.',
  options: z.strictObject({
    tpr: z
      .number()
      .gt(0)
      .max(1)
      .default(0.95)
      .describe('Share of the images with the label, of normal images for a detector, that must be kept.'),
  }),
  tags: { multiLabel: true },
  higherIsBetter: false,
  headline: true,
  ...weighted('fpr-at-tpr', ({ tpr }: { tpr: number }, input) => {
    const rankings = input.labels.map((_, column) => rankLabel(input, column));
    return (counts) => {
      const perLabel = rankings.map((ranking) => falsePositiveRateAt(ranking, counts, tpr));
      return { value: meanOfDefined(perLabel), perLabel };
    };
  }),
});
