import { defineLoss } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';

/** Below it a shifted probability counts as this much: a power's gradient at 0 need not be finite. */
const SMALLEST_PROBABILITY = 1e-8;

/**
 * Positives: `-(1 - p)^gammaPositive log p`. Negatives: `-q^gammaNegative log (1 - q)` with `q = max(p - margin, 0)`, so that
 * easy negatives count nothing (Ridnik et al. 2021, "Asymmetric Loss For Multi-Label Classification",
 * https://arxiv.org/abs/2009.14119). Gradients flow through both factors.
 */
export const asymmetric = defineLoss({
  name: 'asymmetric',
  version: 1,
  summary: 'Focuses positives and negatives by different powers, for many labels of which few apply (Ridnik 2021).',
  options: z.strictObject({
    gammaPositive: z.number().min(0).default(0).describe('How strongly right positives are passed over.'),
    gammaNegative: z.number().min(0).default(4).describe('How strongly right negatives are passed over.'),
    margin: z.number().min(0).lt(1).default(0.05).describe('Negatives below this probability count nothing.'),
  }),
  tags: { multiLabel: true },
  docs: 'https://arxiv.org/abs/2009.14119',
  create: ({ gammaPositive, gammaNegative, margin }) => {
    const power = (logBase: tf.Tensor, exponent: number) => tf.exp(tf.mul(logBase, exponent));

    function positives(logits: tf.Tensor): tf.Tensor {
      return tf.mul(power(tf.neg(tf.softplus(logits)), gammaPositive), tf.softplus(tf.neg(logits)));
    }

    function negatives(logits: tf.Tensor): tf.Tensor {
      // Without a margin all of it has a form that no logit can break.
      if (margin === 0) return tf.mul(power(tf.neg(tf.softplus(tf.neg(logits))), gammaNegative), tf.softplus(logits));
      const shifted = tf.relu(tf.sub(tf.sigmoid(logits), margin));
      const focus = power(tf.log(tf.maximum(shifted, SMALLEST_PROBABILITY)), gammaNegative);
      return tf.neg(tf.mul(focus, tf.log(tf.sub(1, shifted))));
    }

    return (logits, targets) =>
      tf.add(tf.mul(targets, positives(logits)), tf.mul(tf.sub(1, targets), negatives(logits)));
  },
});
