import { type HeadSpec, hintFor, KindredError, nearest } from '@kindred/core';

import type { MultiLabelOptions } from './options.js';

/** A balanced weight stays within [1 / limit, limit], so that one rare image does not steer the whole training. */
export const BALANCED_LIMIT = 20;

/**
 * What the loss of each label's positives is multiplied with, `[L]`; negatives count 1. `balanced` gives `negatives / positives`
 * of the training set, so that both sides of a label weigh the same, within `BALANCED_LIMIT`. Labels that a record leaves out get 1.
 * @throws KINDRED_MANIFEST_VALUE for a label that the data does not have.
 */
export function positiveWeights(classWeights: MultiLabelOptions['classWeights'], spec: HeadSpec): number[] {
  const { labels, samples, positives } = spec;
  if (classWeights === 'none') return labels.map(() => 1);
  if (classWeights === 'balanced') {
    return positives.map((count) => Math.min(BALANCED_LIMIT, Math.max(1 / BALANCED_LIMIT, (samples - count) / count)));
  }
  for (const label of Object.keys(classWeights)) {
    if (labels.includes(label)) continue;
    throw new KindredError('KINDRED_MANIFEST_VALUE', {
      message: `The keys of 'classWeights' of the head multi-label must be labels of the data. Got "${label}".`,
      path: `classWeights.${label}`,
      received: label,
      hint: hintFor(nearest(label, labels), labels, 'The data has no labels.'),
    });
  }
  return labels.map((label) => (Object.hasOwn(classWeights, label) ? (classWeights[label] ?? 1) : 1));
}

/**
 * The logit at which a constant prediction of each label is best under those weights, `[L]`: the log-odds of its positives. Half
 * a sample is added to both sides (Haldane and Anscombe's correction), which keeps labels without positives or negatives finite.
 */
export function priorLogits(weights: readonly number[], { samples, positives }: HeadSpec): number[] {
  return positives.map((count, j) => Math.log(((count + 0.5) * (weights[j] ?? 1)) / (samples - count + 0.5)));
}
