import { defineThreshold } from '@kindred/core';
import { z } from 'zod';

import { byLabelOptions, chooseByLabel } from '../validation/choose-by-label.js';

/**
 * The thresholds with the highest precision among those whose recall on the validation images is at least `value`, one for each label,
 * half way between two scores. A detector's threshold is a score, and recall the share of normal images that is let in: without other
 * images it leaves at most a share of 1 - `value` outside, as `quantile` does.
 */
export const targetRecall = defineThreshold({
  name: 'target-recall',
  version: 1,
  summary: 'The thresholds with the best precision among those that find a given share on the validation images.',
  options: z.strictObject({
    value: z.number().gt(0).max(1).default(0.9).describe('Share of the images with a label that must be found.'),
    ...byLabelOptions,
  }),
  tags: { multiLabel: true, needsHeldOut: true },
  choose({ value, ...byLabel }, validation) {
    return chooseByLabel(
      {
        name: 'target-recall',
        worth: (hits, given, positives) => {
          const [precision, recall] = [hits / given, hits / positives];
          return recall >= value ? [1 + precision, recall] : [recall];
        },
        // A difference like 1 - .9 has digits of rounding, which a person would read.
        missRate: Number((1 - value).toFixed(12)),
      },
      byLabel,
      validation,
    );
  },
});
