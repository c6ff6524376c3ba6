import { defineLoss } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';

/**
 * `(p - t)^2` with `p = sigmoid(logit)`, the Brier score: what Keras' MeanSquaredError is after a sigmoid layer. It is bounded, and its
 * gradient vanishes where a probability is far off, so cross-entropy learns faster.
 */
export const meanSquaredError = defineLoss({
  name: 'mean-squared-error',
  version: 1,
  summary: 'The squared distance of a probability from 0 or 1 (Brier score).',
  options: z.strictObject({}),
  tags: { multiLabel: true },
  create: () => (logits: tf.Tensor, targets: tf.Tensor) => {
    // p - t, without the cancellation of p near 1.
    const missing = tf.mul(targets, tf.sigmoid(tf.neg(logits)));
    const excess = tf.mul(tf.sub(1, targets), tf.sigmoid(logits));
    return tf.square(tf.sub(excess, missing));
  },
});
