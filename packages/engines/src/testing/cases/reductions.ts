import * as tf from '@tensorflow/tfjs-core';

import { flags, numbers, ties, wholes, type NumericCase } from '../numeric-case.js';

import { cube, image, pooled } from './arrays.js';

const SIMPLE = { sum: tf.sum, mean: tf.mean, max: tf.max, min: tf.min, prod: tf.prod };

export const reductionCases: readonly NumericCase[] = [
  ...Object.entries(SIMPLE).flatMap(([name, reduce]): NumericCase[] => {
    const f = (axis?: number | number[], keep?: boolean) => (x: tf.Tensor) => reduce(x, axis, keep);
    return [
      { name: `${name} of all`, f: f(), x: [cube] },
      { name: `${name} of a scalar`, f: f(), x: [numbers([])], gradients: false },
      { name: `${name} of the last axis`, f: f(2), x: [cube] },
      { name: `${name} of a negative axis`, f: f(-1), x: [cube], gradients: false },
      { name: `${name} of the first axis, kept`, f: f(0, true), x: [cube] },
      { name: `${name} of two axes`, f: f([0, 2]), x: [cube] },
      { name: `${name} of no axis`, f: f([]), x: [cube], gradients: false },
      { name: `${name} of axes of length 1`, f: f([0, 2]), x: [numbers([1, 5, 1])] },
      { name: `${name} of NCHW over the batch`, f: (x) => f(0)(pooled(x)), x: [image] },
      { name: `${name} of NCHW over the channels`, f: (x) => f(3)(pooled(x)), x: [image] },
      { name: `${name} of NCHW over the image`, f: (x) => f([1, 2])(pooled(x)), x: [image] },
      { name: `${name} of NCHW over height and channels, kept`, f: (x) => f([1, 3], true)(pooled(x)), x: [image] },
    ];
  }),
  { name: 'max with ties', f: (x) => tf.max(x, 1), x: [ties([3, 9])] },
  { name: 'min with ties', f: (x) => tf.min(x, 1), x: [ties([3, 9])] },
  { name: 'sum of int32', f: (x) => tf.sum(x, 1), x: [wholes([3, 4])] },
  { name: 'max of int32', f: (x) => tf.max(x, 1), x: [wholes([3, 4])] },
  { name: 'prod of int32', f: (x) => tf.prod(x, 1), x: [wholes([3, 4])] },
  { name: 'sum of bool counts', f: (x) => tf.sum(x, 1), x: [flags([3, 4])] },
  { name: 'mean of int32', f: (x) => tf.mean(x, 1), x: [wholes([3, 4])] },
  { name: 'sum of nothing', f: (x) => tf.sum(x, 0), x: [numbers([0, 3])], gradients: false },
  { name: 'all', f: (x) => tf.all(x, 1), x: [flags([6, 2])] },
  { name: 'any', f: (x) => tf.any(x, 0), x: [flags([3, 4])] },
  { name: 'argMax with ties', f: (x) => tf.argMax(x, 1), x: [wholes([5, 9])] },
  { name: 'argMin with ties', f: (x) => tf.argMin(x, -1), x: [ties([5, 9])], gradients: false },
  { name: 'argMin of NCHW', f: (x) => tf.argMin(pooled(x), 3), x: [image], gradients: false },
  { name: 'moments', f: (x) => Object.values(tf.moments(x, [0, 1])), x: [cube] },
  { name: 'standard deviation', f: (x) => tf.sqrt(tf.moments(x, -1, true).variance), x: [cube] },
  { name: 'logSumExp', f: (x) => tf.logSumExp(x, 1), x: [cube] },
  ...(['euclidean', 1, 2, Infinity, -Infinity] as const).map((order): NumericCase => ({
    name: `norm of order ${order}`,
    f: (x) => tf.norm(x, order, 1),
    x: [cube],
    // Powers and roots of a few units in the last place each.
    tolerance: 4e-6,
  })),
  { name: 'norm of a matrix', f: (x) => tf.norm(x, 'fro', [0, 1]), x: [numbers([3, 4])] },
  { name: 'all of int32 that are equal', f: (x) => tf.all(tf.equal(x, x)), x: [wholes([5])] },
];

export const scanCases: readonly NumericCase[] = [
  { name: 'topk with ties', f: (x) => Object.values(tf.topk(x, 3)), x: [wholes([4, 9])] },
  { name: 'topk of all', f: (x) => Object.values(tf.topk(x, 9)), x: [numbers([4, 9])], gradients: false },
  { name: 'cumsum', f: (x) => tf.cumsum(x, 2), x: [cube] },
  { name: 'cumsum of int32', f: (x) => tf.cumsum(x, 1), x: [wholes([3, 5])] },
  { name: 'cumsum exclusive, reverse', f: (x) => tf.cumsum(x, 2, true, true), x: [cube] },
  { name: 'cumsum of the first axis', f: (x) => tf.cumsum(x, 0, true), x: [cube], gradients: false },
  { name: 'cumprod', f: (x) => tf.cumprod(x, 1), x: [cube], gradients: false },
  { name: 'cumprod exclusive, reverse', f: (x) => tf.cumprod(x, 2, true, true), x: [cube], gradients: false },
  ...(['left', 'right'] as const).map((side): NumericCase => ({
    name: `searchSorted from the ${side}`,
    f: (sought) => tf.searchSorted(tf.tensor2d([-3, -1, -1, 0, 2, 2, 5, 5, 5, 9], [2, 5]), sought, side),
    x: [ties([2, 6], 1, -4, 10)],
    gradients: false,
  })),
  { name: 'bincount', f: (x) => tf.bincount(x as tf.Tensor1D, tf.tensor1d([]), 4), x: [wholes([20], 1, 0, 6)] },
  {
    name: 'bincount with weights',
    f: (x, weights) => tf.bincount(x as tf.Tensor1D, weights as tf.Tensor1D, 5),
    x: [wholes([20], 1, 0, 6), numbers([20])],
  },
  ...[false, true].map((binary): NumericCase => ({
    name: `denseBincount of rows${binary ? ', binary' : ''}`,
    f: (x) => tf.denseBincount(x as tf.Tensor2D, tf.tensor2d([], [0, 0]), 5, binary),
    x: [wholes([3, 7], 1, 0, 6)],
  })),
];
