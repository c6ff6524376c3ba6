import { defineTransform, float32 } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';

import { fittedTensor } from '../../features/fitted-tensor.js';
import { requireColumns, requireFeatures } from '../../features/require-features.js';

import { columnMoments } from './moments.js';

/**
 * Moves each column to mean 0 and scales it to standard deviation 1, as scikit-learn's `StandardScaler`. A column that was constant in
 * the training set, every column if it had one row, is moved and not scaled.
 */
export const standardScaler = defineTransform({
  name: 'standard-scaler',
  version: 1,
  summary: 'Scales each feature to mean 0 and standard deviation 1.',
  options: z.strictObject({
    withMean: z.boolean().default(true).describe('Subtract the mean.'),
    withStd: z.boolean().default(true).describe('Divide by the standard deviation.'),
  }),
  fit({ withMean, withStd }, { x }) {
    const [, columns] = requireFeatures('standard-scaler', x);
    const { mean, scale } = columnMoments(x);
    return Promise.resolve({
      tensors: {
        mean: float32([columns], withMean ? Float32Array.from(mean) : undefined),
        scale: float32([columns], withStd ? Float32Array.from(scale) : new Float32Array(columns).fill(1)),
      },
      json: {},
    });
  },
  apply({ tensors }, x) {
    const mean = fittedTensor('standard-scaler', tensors, 'mean');
    requireColumns('standard-scaler', x, mean.size);
    return tf.div(tf.sub(x, mean), fittedTensor('standard-scaler', tensors, 'scale'));
  },
});
