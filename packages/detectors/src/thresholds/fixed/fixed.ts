import { defineThreshold, hintFor, KindredError, nearest, type Scored } from '@kindred/core';
import { z } from 'zod';

import { areProbabilities, columnOf } from '../validation/validation.js';

const threshold = z.number();

/**
 * Thresholds that a person gives: probabilities for a head, scores for a detector. Nothing is read off the validation images but whether a
 * threshold makes sense for them.
 */
export const fixed = defineThreshold({
  name: 'fixed',
  version: 1,
  summary: 'Given thresholds: one for all labels, and others for single labels.',
  options: z.strictObject({
    value: threshold
      .default(0.5)
      .describe('The threshold of every label that `labels` does not name: a probability, or a score of a detector.'),
    labels: z.record(z.string(), threshold).default({}).describe('Thresholds by label.'),
  }),
  tags: { multiLabel: true },
  choose({ value, labels: own }, validation) {
    const { labels } = validation;
    const unknown = Object.keys(own).find((label) => !labels.includes(label));
    if (unknown !== undefined) {
      throw new KindredError('KINDRED_DATA_LABEL', {
        message: `Every label that the threshold fixed names must be a label of the dataset. Got "${unknown}".`,
        path: `labels.${unknown}`,
        received: unknown,
        hint: hintFor(nearest(unknown, labels), labels, 'The dataset has no labels.'),
      });
    }
    const values = labels.map((label) => (Object.hasOwn(own, label) ? own[label]! : value));
    return { values, notes: emptyNotes(values, validation) };
  },
});

/**
 * A note for each threshold that separates no scores: of probabilities only where it is none itself, for a rare label may well reach one
 * half on no image.
 */
function emptyNotes(values: readonly number[], validation: Scored): string[] {
  const { labels, scores } = validation;
  const probabilities = areProbabilities(scores.data);
  return values.flatMap((value, j) => {
    const own = columnOf(validation, j).scores;
    const given = own.filter((score) => score >= value).length;
    const plausible = probabilities && value >= 0 && value <= 1;
    if (own.length === 0 || plausible || (given > 0 && given < own.length)) return [];
    const [lowest, highest] = [own.reduce((a, b) => Math.min(a, b)), own.reduce((a, b) => Math.max(a, b))];
    return [
      `"${labels[j]}" is given to ${given === 0 ? 'no' : 'every'} validation image at the threshold ${value}: ` +
        `scores lie between ${lowest.toPrecision(3)} and ${highest.toPrecision(3)}.`,
    ];
  });
}
