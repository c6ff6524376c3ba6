import { defineCalibrator, float32 } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';

import { fittedTensor } from '../../features/fitted-tensor.js';
import { requireColumns } from '../../features/require-features.js';
import { calibrationColumns } from '../data/calibration-data.js';
import { fitEachLabel, minPerClassOption } from '../data/fit-each-label.js';

import { type BrokenLine, isotonicFit } from './isotonic-fit.js';

/** A narrower step would be none to an engine that flushes smaller numbers to zero. */
const NARROWEST = 2 ** -126;

/**
 * Probabilities `[N, L]` as a rising broken line of the scores `[N, L]`, one for each label (Zadrozny and Elkan 2002): scikit-learn's
 * `IsotonicRegression(out_of_bounds='clip', y_min=0, y_max=1)`. Bends to any shape, so it needs more images than `platt`; equal
 * probabilities for ranges of scores are part of it.
 */
export const isotonic = defineCalibrator({
  name: 'isotonic',
  version: 1,
  summary: 'Probabilities as a rising broken line of the scores, fitted on held-out images.',
  options: z.strictObject({ minPerClass: minPerClassOption(10) }),
  tags: { multiLabel: true, needsHeldOut: true, needsNegatives: true },
  fit({ minPerClass }, data) {
    const { fits, notes } = fitEachLabel('isotonic', calibrationColumns('isotonic', data), minPerClass, isotonicFit);
    const size = Math.max(2, ...fits.map(({ knots }) => knots.length));
    const rows = (key: keyof BrokenLine) =>
      float32(
        [fits.length, size],
        fits.flatMap((fit) => padded(fit[key], size)),
      );
    return Promise.resolve({ tensors: { knots: rows('knots'), values: rows('values') }, json: {}, notes });
  },
  apply({ tensors }, x) {
    const knots = fittedTensor('isotonic', tensors, 'knots');
    const values = fittedTensor('isotonic', tensors, 'values');
    const [labels, size] = knots.shape as [number, number];
    requireColumns('isotonic', x, labels);
    const steps = (all: tf.Tensor, from: number) => tf.slice(all, [0, from], [labels, size - 1]);
    const [start, first] = [steps(knots, 0), tf.slice(values, [0, 0], [labels, 1])];
    const widths = tf.maximum(tf.sub(steps(knots, 1), start), NARROWEST);
    const rises = tf.sub(steps(values, 1), steps(values, 0));
    // Each step of the line adds the share of its rise that lies below the score: no step is chosen by data. [N, L, knots - 1]
    const shares = tf.clipByValue(tf.div(tf.sub(tf.expandDims(x, 2), start), widths), 0, 1);
    const risen = tf.sum(tf.mul(shares, rises), 2);
    return tf.clipByValue(tf.add(risen, tf.reshape(first, [1, labels])), 0, 1);
  },
});

/** Repeats the last value: steps of no width and no rise. */
function padded(values: readonly number[], size: number): number[] {
  return Array.from({ length: size }, (_, i) => values[Math.min(i, values.length - 1)]!);
}
