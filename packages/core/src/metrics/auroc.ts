import { z } from 'zod';

import { defineMetric } from '../plugin/define.js';

import { rankLabel, rocArea } from './ranking.js';
import { meanOfDefined, weighted } from './weighted.js';

/** Area under the ROC curve, the mean over labels that some images carry and some do not. */
export const auroc = defineMetric({
  name: 'auroc',
  version: 1,
  summary: 'Mean over labels of the area under the ROC curve.',
  options: z.strictObject({}),
  tags: { multiLabel: true },
  higherIsBetter: true,
  ...weighted('auroc', (_: object, input) => {
    const rankings = input.labels.map((_, column) => rankLabel(input, column));
    return (counts) => {
      const perLabel = rankings.map((ranking) => rocArea(ranking, counts));
      return { value: meanOfDefined(perLabel), perLabel };
    };
  }),
});
