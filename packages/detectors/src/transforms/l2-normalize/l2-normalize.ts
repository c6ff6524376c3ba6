import { defineTransform } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';

import { requireFeatures } from '../../features/require-features.js';

/** Scales each row to length 1, as scikit-learn's `Normalizer`. A row of zeros stays one. Nothing is learned. */
export const l2Normalize = defineTransform({
  name: 'l2-normalize',
  version: 1,
  summary: 'Scales the feature of each image to length 1.',
  options: z.strictObject({}),
  fit(_, { x }) {
    requireFeatures('l2-normalize', x);
    return Promise.resolve({ tensors: {}, json: {} });
  },
  apply(_, x) {
    // Dividing by the largest value first keeps the squares of very large or small features from overflow and underflow.
    const scaled = tf.div(x, oneForZero(tf.max(tf.abs(x), 1, true)));
    return tf.div(scaled, oneForZero(tf.sqrt(tf.sum(tf.square(scaled), 1, true))));
  },
});

function oneForZero(x: tf.Tensor): tf.Tensor {
  return tf.where(tf.equal(x, 0), tf.onesLike(x), x);
}
