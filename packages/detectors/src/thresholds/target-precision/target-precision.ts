import { defineThreshold } from '@kindred/core';
import { z } from 'zod';

import type { Cut } from '../cuts/best-cut.js';
import { byLabelOptions, chooseByLabel } from '../validation/choose-by-label.js';
import { type Column } from '../validation/validation.js';

/** Without images of the other kind every threshold has precision 1: this share of normal images may fall below instead. */
const MISS_RATE = 0.05;

/**
 * The thresholds with the highest recall among those whose precision on the validation images is at least `value`, one for each label, half way
 * between two scores; where none is, the highest precision, with a note. A detector's threshold is a score, and precision the share
 * of normal images among those let in.
 */
export const targetPrecision = defineThreshold({
  name: 'target-precision',
  version: 1,
  summary: 'The thresholds that find most among those with a given precision on the validation images.',
  options: z.strictObject({
    value: z.number().gt(0).max(1).default(0.9).describe('Share of the given labels that must be right.'),
    ...byLabelOptions,
  }),
  tags: { multiLabel: true, needsHeldOut: true },
  choose({ value, ...byLabel }, validation) {
    return chooseByLabel(
      {
        name: 'target-precision',
        worth: (hits, given, positives) => {
          const [precision, recall] = [hits / given, hits / positives];
          return precision >= value ? [1 + recall] : [precision, recall];
        },
        missRate: MISS_RATE,
        note: (name, column, cut) => missedNote(value, name, column, cut),
      },
      byLabel,
      validation,
    );
  },
});

function missedNote(value: number, name: string, { scores, targets }: Column, cut: Cut): string | undefined {
  const hits = targets.filter((target, i) => target === 1 && scores[i]! >= cut.threshold).length;
  if (hits / cut.given >= value) return undefined;
  return (
    `No threshold reaches a precision of ${value} for ${name}: at ${cut.threshold.toPrecision(3)} it is ` +
    `${(hits / cut.given).toFixed(3)}, the highest, with ${hits} of ${cut.given} right.`
  );
}
