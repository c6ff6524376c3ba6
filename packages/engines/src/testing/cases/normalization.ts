import * as tf from '@tensorflow/tfjs-core';

import { numbers, ties, type NumericCase } from '../numeric-case.js';

import { cube, image, pooled } from './arrays.js';

const vectors = [numbers([3], 2), numbers([3], 3, 0.1, 2), numbers([3], 4), numbers([3], 5)];

const normalized: NumericCase['f'] = (x, mean, variance, offset, scale) =>
  tf.batchNorm(x, mean, variance, offset, scale, 1e-3);

/** With the batch's own statistics, as in training. */
const standardized = (axes: number[]) => (x: tf.Tensor, offset: tf.Tensor, scale: tf.Tensor) => {
  const { mean, variance } = tf.moments(x, axes, true);
  return tf.add(tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-3))), scale), offset);
};

/** Division by a deviation below 1 multiplies what its sums were rounded by. */
const STATISTICS = 1e-5;

export const normalizationCases: readonly NumericCase[] = [
  { name: 'batchNorm', f: normalized, x: [image, ...vectors], tolerance: STATISTICS },
  { name: 'batchNorm of a matrix', f: normalized, x: [numbers([5, 3]), ...vectors], tolerance: STATISTICS },
  {
    name: 'batchNorm behind a pooling',
    f: (x, ...rest) => normalized(pooled(x), ...rest),
    x: [image, ...vectors],
    tolerance: STATISTICS,
  },
  {
    name: 'batchNorm without scale and offset',
    f: (x, ...rest) => normalized(pooled(x), ...rest),
    x: [image, ...vectors.slice(0, 2)],
    // tfjs differentiates it with a scale only.
    gradients: false,
  },
  {
    name: 'statistics of the batch',
    f: standardized([0, 1, 2]),
    x: [image, numbers([3], 2), numbers([3], 3)],
    tolerance: STATISTICS,
  },
  {
    name: 'statistics of the batch behind a pooling',
    f: (x, ...rest) => standardized([0, 1, 2])(pooled(x), ...(rest as [tf.Tensor, tf.Tensor])),
    x: [image, numbers([3], 2), numbers([3], 3)],
    tolerance: STATISTICS,
  },
  {
    name: 'statistics of the layer',
    f: standardized([-1]),
    x: [cube, numbers([5], 2), numbers([5], 3)],
    tolerance: STATISTICS,
  },
  { name: 'softmax', f: (x) => tf.softmax(x), x: [cube] },
  { name: 'logSoftmax', f: (x) => tf.logSoftmax(x), x: [cube] },
  { name: 'softmax of large logits', f: (x) => tf.softmax(tf.mul(x, 500)), x: [numbers([4, 6])] },
  { name: 'softmax of one class', f: (x) => tf.softmax(x), x: [numbers([4, 1])] },
  {
    name: 'softmaxCrossEntropy',
    f: (logits) => tf.losses.softmaxCrossEntropy(tf.tensor2d([0, 1, 0, 1, 0, 0], [2, 3]), logits),
    x: [numbers([2, 3])],
  },
  {
    name: 'sigmoidCrossEntropy',
    f: (logits) => tf.losses.sigmoidCrossEntropy(tf.tensor2d([0, 1, 0, 1, 0, 0], [2, 3]), logits),
    x: [numbers([2, 3])],
  },
  {
    name: 'huberLoss',
    f: (x) => tf.losses.huberLoss(tf.zerosLike(x), x),
    x: [numbers([2, 3])],
  },
  { name: 'absoluteDifference', f: (x) => tf.losses.absoluteDifference(tf.zerosLike(x), x), x: [ties([7])] },
];
