import { defineLoss } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';

/**
 * `d^2 / 2` of a pair that shows the same, `max(margin - d, 0)^2 / 2` of any other (Hadsell, Chopra and LeCun 2006, "Dimensionality
 * Reduction by Learning an Invariant Mapping", equation 4): the same is drawn together, others are pushed apart up to the margin.
 */
export const contrastive = defineLoss({
  name: 'contrastive',
  version: 1,
  summary: 'Draws pairs that show the same together and pushes others apart up to a margin (Hadsell 2006).',
  options: z.strictObject({
    margin: z.number().positive().default(1).describe('The distance from which on different images cost nothing.'),
  }),
  of: 'distances',
  docs: 'https://doi.org/10.1109/CVPR.2006.100',
  create: ({ margin }) => {
    return (distances, targets) => {
      const ifSame = tf.square(distances);
      const ifOther = tf.square(tf.relu(tf.sub(margin, distances)));
      return tf.mul(tf.add(tf.mul(targets, ifSame), tf.mul(tf.sub(1, targets), ifOther)), 0.5);
    };
  },
});
