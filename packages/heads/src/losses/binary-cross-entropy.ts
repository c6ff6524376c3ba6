import { defineLoss } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';

/**
 * `-t log p - (1 - t) log (1 - p)` with `p = sigmoid(logit)`, written with softplus so that no logit overflows and small
 * losses keep their digits. With `labelSmoothing` s, targets become `t (1 - s) + s / 2` (Keras' BinaryCrossentropy).
 */
export const binaryCrossEntropy = defineLoss({
  name: 'binary-cross-entropy',
  version: 1,
  summary: 'The negative log-likelihood of each label by itself.',
  options: z.strictObject({
    labelSmoothing: z.number().min(0).lt(1).default(0).describe('How far targets move towards one half.'),
  }),
  tags: { multiLabel: true },
  create: ({ labelSmoothing }) => {
    return (logits, targets) => {
      const smooth = labelSmoothing === 0 ? targets : tf.add(tf.mul(targets, 1 - labelSmoothing), labelSmoothing / 2);
      const ifPositive = tf.softplus(tf.neg(logits));
      const ifNegative = tf.softplus(logits);
      return tf.add(tf.mul(smooth, ifPositive), tf.mul(tf.sub(1, smooth), ifNegative));
    };
  },
});
