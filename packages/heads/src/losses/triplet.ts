import { defineLoss } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';

/**
 * `max(d(a, p)^2 - d(a, n)^2 + margin, 0)` of an anchor, an image of the same and one of something else (Schroff, Kalenichenko and
 * Philbin 2015, "FaceNet", https://arxiv.org/abs/1503.03832, equation 3, whose alpha is the margin); without `squared`, of the
 * distances themselves, as PyTorch's TripletMarginLoss.
 */
export const triplet = defineLoss({
  name: 'triplet',
  version: 1,
  summary: 'Wants an anchor nearer to an image of the same than to another by a margin (Schroff 2015).',
  options: z.strictObject({
    margin: z.number().positive().default(0.2).describe('How much nearer the same must be (alpha).'),
    squared: z.boolean().default(true).describe('Compare squared distances, as FaceNet does, instead of distances.'),
  }),
  of: 'triplets',
  docs: 'https://arxiv.org/abs/1503.03832',
  create: ({ margin, squared }) => {
    return (distances, targets) => {
      const compared = squared ? tf.square(distances) : distances;
      // +1 for the distance to the same, -1 for the other, so that it does not matter which of both comes first.
      const signs = tf.sub(tf.mul(targets, 2), 1);
      return tf.relu(tf.add(tf.sum(tf.mul(signs, compared), -1), margin));
    };
  },
});
