import { defineThreshold, hintFor, KindredError, nearest } from '@kindred/core';
import { z } from 'zod';

const probability = z.number().min(0).max(1);

/** Thresholds that a person gives. Nothing is read off the validation set. */
export const fixed = defineThreshold({
  name: 'fixed',
  version: 1,
  summary: 'Given thresholds: one for all labels, and others for single labels.',
  options: z.strictObject({
    value: probability.default(0.5).describe('The threshold of every label that `labels` does not name.'),
    labels: z.record(z.string(), probability).default({}).describe('Thresholds by label.'),
  }),
  tags: { multiLabel: true },
  choose({ value, labels: own }, { labels }) {
    const unknown = Object.keys(own).find((label) => !labels.includes(label));
    if (unknown !== undefined) {
      throw new KindredError('KINDRED_DATA_LABEL', {
        message: `Every label that the threshold fixed names must be a label of the dataset. Got "${unknown}".`,
        path: `labels.${unknown}`,
        received: unknown,
        hint: hintFor(nearest(unknown, labels), labels, 'The dataset has no labels.'),
      });
    }
    return { values: labels.map((label) => (Object.hasOwn(own, label) ? own[label]! : value)), notes: [] };
  },
});
