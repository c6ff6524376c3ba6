import { defineCalibrator, float32 } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';

import { fittedTensor } from '../../features/fitted-tensor.js';
import { requireColumns } from '../../features/require-features.js';
import { calibrationColumns } from '../data/calibration-data.js';
import { fitEachLabel, minPerClassOption } from '../data/fit-each-label.js';

import { type Sigmoid, sigmoidFit } from './sigmoid-fit.js';

/**
 * Probabilities `[N, L]` as a sigmoid of slope and offset of the scores `[N, L]`, one for each label (Platt 1999):
 * scikit-learn's `CalibratedClassifierCV(method='sigmoid')`. Two numbers a label: few images suffice.
 */
export const platt = defineCalibrator({
  name: 'platt',
  version: 1,
  summary: 'Probabilities as a sigmoid of the scores, slope and offset fitted on held-out images.',
  options: z.strictObject({ minPerClass: minPerClassOption(5) }),
  tags: { multiLabel: true, needsHeldOut: true, needsNegatives: true },
  fit({ minPerClass }, data) {
    const { fits, notes } = fitEachLabel('platt', calibrationColumns('platt', data), minPerClass, sigmoidFit);
    const row = (key: keyof Sigmoid) =>
      float32(
        [fits.length],
        fits.map((fit) => fit[key]),
      );
    return Promise.resolve({
      tensors: { centre: row('centre'), slope: row('slope'), intercept: row('intercept') },
      json: {},
      notes,
    });
  },
  apply({ tensors }, x) {
    const centre = fittedTensor('platt', tensors, 'centre');
    requireColumns('platt', x, centre.size);
    const scaled = tf.mul(tf.sub(x, centre), fittedTensor('platt', tensors, 'slope'));
    return tf.sigmoid(tf.add(scaled, fittedTensor('platt', tensors, 'intercept')));
  },
});
