import { defineTransform } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';

import { requireColumns, requireFeatures } from '../../features/require-features.js';

/**
 * Two kinds of statistics over the D activations of each image: the share that is positive, and quantiles by linear interpolation between
 * order statistics (NumPy's default). Features `[N, D]` in, `[N, 1 + Q]` out. Nothing is learned but D.
 */
export const activationShare = defineTransform({
  name: 'activation-share',
  version: 1,
  summary: 'The share of positive activations of each image, and quantiles of its activations.',
  options: z.strictObject({
    quantiles: z
      .array(z.number().min(0).max(1))
      .default([0.25, 0.5, 0.75, 0.9, 0.99])
      .describe('Which quantiles of the activations of an image to add, each from 0 (lowest) to 1 (highest).'),
  }),
  fit(_, { x }) {
    const [, columns] = requireFeatures('activation-share', x);
    return Promise.resolve({ tensors: {}, json: { columns } });
  },
  apply({ options: { quantiles }, json: { columns } }, x) {
    requireColumns('activation-share', x, columns);
    const share = tf.mean(tf.cast(tf.greater(x, 0), 'float32'), 1, true);
    if (quantiles.length === 0) return share;
    const descending = tf.topk(x, columns, true).values;
    const places = quantiles.map((quantile) => (1 - quantile) * (columns - 1));
    const upper = take(descending, places.map(Math.floor));
    const lower = take(descending, places.map(Math.ceil));
    const weights = tf.tensor1d(places.map((place) => place % 1));
    return tf.concat([share, tf.add(upper, tf.mul(tf.sub(lower, upper), weights))], 1);
  },
});

function take(x: tf.Tensor, places: readonly number[]): tf.Tensor {
  return tf.gather(x, tf.tensor1d([...places], 'int32'), 1);
}
