import { z } from 'zod';

import { defineMetric } from '../plugin/define.js';

import { requireProbabilities } from './require-probabilities.js';
import { meanOfDefined, weighted } from './weighted.js';

/** The mean squared difference between probability and truth (Brier 1950), the mean over labels. */
export const brier = defineMetric({
  name: 'brier',
  version: 1,
  summary: 'Mean squared difference between probability and truth.',
  options: z.strictObject({}),
  tags: { multiLabel: true },
  higherIsBetter: false,
  headline: true,
  ...weighted('brier', (_: object, input) => {
    requireProbabilities('metric brier', input);
    const { labels, scores, targets } = input;
    const size = labels.length;
    return (counts) => {
      const sums = new Float64Array(size);
      let seen = 0;
      for (let row = 0; row < counts.length; row++) {
        const count = counts[row]!;
        if (count === 0) continue;
        seen += count;
        for (let j = 0, i = row * size; j < size; j++, i++) {
          sums[j]! += count * (scores.data[i]! - targets.data[i]!) ** 2;
        }
      }
      const perLabel = Array.from(sums, (sum) => sum / seen);
      return { value: meanOfDefined(perLabel), perLabel };
    };
  }),
});
