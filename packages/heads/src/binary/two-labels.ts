import { type HeadSpec, hintFor, KindredError, nearest } from '@kindred/core';

import { BALANCED_LIMIT } from '../multi-label/class-weights.js';

import type { BinaryOptions } from './options.js';

/** One value for the images of the positive label, one for the others. */
export interface Sides {
  readonly positive: number;
  readonly negative: number;
}

/**
 * The column of the positive label among the two.
 * @throws KINDRED_MANIFEST_VALUE if there are not two labels, or `positive` is none of them
 */
export function positiveColumn({ positive }: Pick<BinaryOptions, 'positive'>, { labels }: HeadSpec): 0 | 1 {
  if (labels.length !== 2) throw notTwo(labels);
  const column = positive === undefined ? 1 : labels.indexOf(positive);
  if (column === 0 || column === 1) return column;
  throw new KindredError('KINDRED_MANIFEST_VALUE', {
    message: `The option 'positive' of the head binary must be one of the two labels of the data. Got "${positive}".`,
    path: 'positive',
    received: positive,
    hint: hintFor(nearest(positive ?? '', labels), labels, ''),
  });
}

/** What the losses of both labels are multiplied with; `balanced` as scikit-learn's, at most `BALANCED_LIMIT`. */
export function sideWeights(classWeights: BinaryOptions['classWeights'], counts: Sides): Sides {
  if (classWeights === 'none') return { positive: 1, negative: 1 };
  const half = (counts.positive + counts.negative) / 2;
  const weight = (count: number) => Math.min(BALANCED_LIMIT, half / Math.max(1, count));
  return { positive: weight(counts.positive), negative: weight(counts.negative) };
}

/** The logit at which a constant prediction is best under those weights; half an image added to both sides keeps it finite. */
export function priorLogit(weights: Sides, counts: Sides): number {
  return Math.log((weights.positive * (counts.positive + 0.5)) / (weights.negative * (counts.negative + 0.5)));
}

function notTwo(labels: readonly string[]): KindredError {
  const shown = labels.length > 5 ? `${labels.slice(0, 5).join(', ')}, ...` : labels.join(', ');
  return new KindredError('KINDRED_MANIFEST_VALUE', {
    message: `The head binary tells two labels apart that exclude each other. The data has ${labels.length}: ${shown}.`,
    path: 'use',
    received: labels,
    hint:
      labels.length < 2
        ? 'Give the other images a label of their own (another folder), or use the head multi-label, which tells whether an image carries a label or not.'
        : 'Use the head multi-label, which takes any number of labels, or leave the others out.',
  });
}
