import { defineThreshold } from '@kindred/core';
import { z } from 'zod';

import { quantileCut, scoresNeeded } from '../cuts/quantile-cut.js';
import {
  columnOf,
  countPositives,
  fallbackThreshold,
  positiveScores,
  requireValidation,
} from '../validation/validation.js';

/**
 * The highest thresholds below which a new image with the label falls with a chance of at most `falseAlarmRate`, whatever the
 * distribution of scores: an order statistic of the validation images with the label, which are normal images for a detector. Others
 * are not looked at. A detector's threshold is a score.
 */
export const quantile = defineThreshold({
  name: 'quantile',
  version: 1,
  summary:
    'The thresholds that a given share of the normal validation images, or of those with a label, may fall below.',
  options: z.strictObject({
    falseAlarmRate: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.05)
      .describe('Share of normal images that may be taken for others; of the images with a label, that may miss it.'),
  }),
  tags: { multiLabel: true, needsHeldOut: true },
  choose({ falseAlarmRate: rate }, validation) {
    requireValidation('quantile', validation);
    const { labels, scores, targets } = validation;
    const notes: string[] = [];
    const all = { scores: scores.data, targets: targets.data };
    if (countPositives(all) === 0) {
      const value = fallbackThreshold('quantile', validation);
      notes.push(`No validation image carries any label, so every threshold is ${value}.`);
      return { values: labels.map(() => value), notes };
    }
    const shared = quantileCut(positiveScores(all), rate).threshold;
    const values = labels.map((label, j) => {
      const own = positiveScores(columnOf(validation, j));
      if (own.length === 0) {
        notes.push(
          `"${label}" takes the threshold of all labels together, ${shared.toPrecision(3)}: no validation image carries it.`,
        );
        return shared;
      }
      const { threshold, tooFew } = quantileCut(own, rate);
      if (tooFew) notes.push(tooFewNote(label, own.length, rate));
      return threshold;
    });
    return { values, notes };
  },
});

function tooFewNote(label: string, images: number, rate: number): string {
  return (
    `The false-alarm rate of "${label}" may be above ${rate}: ${images} validation images carry it, ${scoresNeeded(rate)} are needed to tell. ` +
    `The threshold is their lowest score, and about one in ${images + 1} new ones is expected to fall below it.`
  );
}
