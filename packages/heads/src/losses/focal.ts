import { defineLoss } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';

/**
 * `-alpha_t (1 - p_t)^gamma log p_t` (Lin et al. 2017, "Focal Loss for Dense Object Detection", https://arxiv.org/abs/1708.02002),
 * where `p_t` is the probability given to the truth: labels that are already right count little.
 */
export const focal = defineLoss({
  name: 'focal',
  version: 1,
  summary: 'Cross-entropy that turns to the labels that are still wrong (Lin 2017).',
  options: z.strictObject({
    gamma: z.number().min(0).default(2).describe('How strongly right labels are passed over; 0 is cross-entropy.'),
    alpha: z.number().gt(0).lt(1).default(0.25).describe('The weight of positives; negatives get 1 - alpha.'),
  }),
  tags: { multiLabel: true },
  docs: 'https://arxiv.org/abs/1708.02002',
  create: ({ gamma, alpha }) => {
    return (logits, targets) => {
      const signs = tf.sub(tf.mul(targets, 2), 1);
      const margins = tf.mul(signs, logits);
      const crossEntropy = tf.softplus(tf.neg(margins));
      // (1 - p_t)^gamma through its logarithm, -softplus(margin): a power's gradient at 0 need not be finite.
      const modulation = tf.exp(tf.mul(tf.softplus(margins), -gamma));
      const balance = tf.add(tf.mul(targets, 2 * alpha - 1), 1 - alpha);
      return tf.mul(balance, tf.mul(modulation, crossEntropy));
    };
  },
});
