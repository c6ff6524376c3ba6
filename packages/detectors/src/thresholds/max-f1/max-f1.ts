import { defineThreshold } from '@kindred/core';
import { z } from 'zod';

import { f1Worth } from '../cuts/best-cut.js';
import { byLabelOptions, chooseByLabel } from '../validation/choose-by-label.js';
import { areProbabilities } from '../validation/validation.js';

import { shrunk } from './shrunk.js';

/** Without images of the other kind F1 is highest where everything is let in: this share of normal images may fall below instead. */
const MISS_RATE = 0.05;

/**
 * The thresholds with the highest F1 on the validation images, one for each label, half way between two scores. Of few positives such
 * a threshold is a guess, and a low one floods every image with a rare label: below `minPositives` a label takes the threshold of all
 * labels together, and from there on its own is drawn towards that one, less the more positives there are. A detector's threshold is
 * a score.
 */
export const maxF1 = defineThreshold({
  name: 'max-f1',
  version: 2,
  summary: 'The thresholds with the highest F1 on the validation images.',
  options: z.strictObject({
    ...byLabelOptions,
    shrinkage: z
      .number()
      .min(0)
      .default(5)
      .describe(
        "How many positive images the threshold of all labels together counts as beside a label's own, in a mean of log-odds. 0: none.",
      ),
  }),
  tags: { multiLabel: true, needsHeldOut: true },
  choose({ shrinkage, ...byLabel }, validation) {
    const shrinks = shrinkage > 0 && areProbabilities(validation.scores.data);
    return chooseByLabel(
      {
        name: 'max-f1',
        worth: f1Worth,
        missRate: MISS_RATE,
        ...(shrinks && { shrink: (own, shared, positives) => shrunk(own, shared, positives, shrinkage) }),
      },
      byLabel,
      validation,
    );
  },
});
