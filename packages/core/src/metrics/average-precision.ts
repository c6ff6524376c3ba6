import { z } from 'zod';

import { defineMetric } from '../plugin/define.js';

import { averagePrecision, countPositives, rankLabel, rankPairs } from './ranking.js';
import { meanOfDefined, weighted } from './weighted.js';

/** The mean over labels of average precision (scikit-learn: `average_precision_score(average='macro')`). */
export const meanAveragePrecision = defineMetric({
  name: 'mean-average-precision',
  version: 1,
  summary: 'Mean over labels of average precision (mAP), macro.',
  options: z.strictObject({
    minPositives: z.int().min(1).default(1).describe('Labels with fewer positive images are left out of the mean.'),
  }),
  tags: { multiLabel: true },
  higherIsBetter: true,
  headline: true,
  ...weighted('mean-average-precision', ({ minPositives }: { minPositives: number }, input) => {
    const rankings = input.labels.map((_, column) => rankLabel(input, column));
    const enough = rankings.map((ranking) => countPositives(ranking) >= minPositives);
    return (counts) => {
      const perLabel = rankings.map((ranking) => averagePrecision(ranking, counts));
      return { value: meanOfDefined(perLabel.filter((_, column) => enough[column])), perLabel };
    };
  }),
});

/** Average precision over all pairs of image and label in one ranking. */
export const microAveragePrecision = defineMetric({
  name: 'micro-average-precision',
  version: 1,
  summary: 'Average precision over all pairs of image and label together.',
  options: z.strictObject({}),
  tags: { multiLabel: true },
  higherIsBetter: true,
  headline: true,
  ...weighted('micro-average-precision', (_: object, input) => {
    const ranking = rankPairs(input);
    return (counts) => ({ value: averagePrecision(ranking, counts) });
  }),
});
