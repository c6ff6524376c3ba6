import { defineCalibrator, type FitData } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';

import { requireColumns } from '../../features/require-features.js';
import { calibrationColumns, type Column } from '../data/calibration-data.js';
import { together } from '../data/fit-each-label.js';
import { fitTemperature } from '../temperature/inverse-temperature.js';

/** How many times the log loss that a fit would reach is worth a note. */
const WORTH_FITTING = 1.25;

/**
 * Takes scores `[N, L]` for log-odds: probabilities are their sigmoids, and nothing is fitted. Right for a head, whose logits are
 * log-odds by training. A detector's score is none: its sigmoid rises with the score, is .5 at the score 0, and says no more. Where
 * held-out images tell that a fit would be much better, a note says so.
 */
export const none = defineCalibrator({
  name: 'none',
  version: 1,
  summary: "A head's own probabilities: the sigmoids of its logits, nothing fitted.",
  options: z.strictObject({}),
  tags: { multiLabel: true },
  fit(_, data) {
    return Promise.resolve({ tensors: {}, json: { labels: data.x.shape[1] ?? 0 }, notes: forecastNotes(data) });
  },
  apply({ json }, x) {
    requireColumns('none', x, json.labels);
    return tf.sigmoid(x);
  },
});

function forecastNotes(data: FitData): string[] {
  if (!data.y) return [];
  const columns = calibrationColumns('none', data);
  const constant = meanOf(columns, constantLogLoss);
  // Of one kind of images alone the same share for every image is always right, and proves nothing.
  if (constant === 0) return [];
  const { inverse } = fitTemperature(together(columns));
  const scaled = meanOf(columns, ({ scores, targets }) =>
    logLoss({ scores: scores.map((score) => score * inverse), targets }),
  );
  const [own, possible] = [meanOf(columns, logLoss), Math.min(constant, scaled)];
  if (own <= WORTH_FITTING * possible) return [];
  const better = scaled <= constant ? 'with a fitted temperature' : 'for the same share of every image';
  return [
    `The sigmoids of these scores are no calibrated probabilities: their log loss on ${data.x.shape[0]} held-out images is ${own.toPrecision(3)}, ` +
      `and ${possible.toPrecision(3)} ${better}. Use the calibrator platt, isotonic or temperature.`,
  ];
}

const meanOf = (columns: readonly Column[], value: (column: Column) => number): number =>
  columns.reduce((sum, column) => sum + value(column), 0) / columns.length;

/** Mean negative log-likelihood of the truth under sigmoids of the scores. */
function logLoss({ scores, targets }: Column): number {
  const loss = (score: number, target: number) =>
    Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score))) - target * score;
  return scores.reduce((sum, score, i) => sum + loss(score, targets[i]!), 0) / scores.length;
}

/** The lowest that one probability for every image reaches: the entropy of the truth. */
function constantLogLoss({ targets }: Column): number {
  const share = targets.reduce((sum, target) => sum + target, 0) / targets.length;
  return [share, 1 - share].reduce((sum, part) => (part === 0 ? sum : sum - part * Math.log(part)), 0);
}
