import { defineMetric } from '../plugin/define.js';

import { ascending, type BinOptions, binOptions, type Bins, fillBins } from './calibration-bins.js';
import { requireProbabilities } from './require-probabilities.js';
import { meanOfDefined, weighted } from './weighted.js';

/**
 * How far probabilities are from shares: the mean over images of the difference between the mean probability of their bin and its share of positives
 * (Naeini et al. 2015), the mean over labels. Of few images it is biased upwards, and more so in bootstrap samples: an interval
 * may lie above the value.
 */
export const expectedCalibrationError = defineMetric({
  name: 'expected-calibration-error',
  version: 1,
  summary: 'Mean difference between probability and share of positives, over bins of like probability (ECE).',
  options: binOptions,
  tags: { multiLabel: true },
  higherIsBetter: false,
  headline: true,
  ...weighted('expected-calibration-error', (options: BinOptions, input) => {
    requireProbabilities('metric expected-calibration-error', input);
    const { labels, scores, targets } = input;
    const sorted = labels.map((_, column) => ascending(scores.data, targets.data, labels.length, column));
    return (counts) => {
      const perLabel = sorted.map((own) => meanGap(fillBins(own, counts, options)));
      return { value: meanOfDefined(perLabel), perLabel };
    };
  }),
});

function meanGap({ counts, probabilities, positives }: Bins): number {
  let gap = 0;
  let seen = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    gap += Math.abs(probabilities[bin]! - positives[bin]!);
    seen += counts[bin]!;
  }
  return gap / seen;
}
