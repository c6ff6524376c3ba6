import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, it } from 'vitest';

import { expectEqualToEager, flags, numbers, wholes, type Case } from '../../test/support.js';
import { createOnnxEngine } from '../engine.js';

const engine = createOnnxEngine({ workers: 1 });
afterAll(() => engine.dispose());

const cube = numbers([3, 4, 5]);
const image = numbers([2, 5, 7, 3]);
/** Behind a pooling the tensor is at hand as NCHW only: what follows must mind the order of its axes. */
const pooled = (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, 2, 1, 'valid');

const reductions: Case[] = [
  ...(['sum', 'mean', 'max', 'min', 'prod'] as const).flatMap((name): Case[] => {
    const f = (axis?: number | number[], keep?: boolean) => (x: tf.Tensor) => tf[name](x, axis, keep);
    return [
      { name: `${name} of all`, f: f(), x: [cube] },
      { name: `${name} of the last axis`, f: f(2), x: [cube] },
      { name: `${name} of the first axis, kept`, f: f(0, true), x: [cube] },
      { name: `${name} of two axes`, f: f([0, 2]), x: [cube] },
      { name: `${name} of no axis`, f: f([]), x: [cube], gradients: false },
      { name: `${name} of NCHW over the batch`, f: (x) => f(0)(pooled(x)), x: [image] },
      { name: `${name} of NCHW over the channels`, f: (x) => f(3)(pooled(x)), x: [image] },
      { name: `${name} of NCHW over the image`, f: (x) => f([1, 2])(pooled(x)), x: [image] },
      { name: `${name} of NCHW over height and channels, kept`, f: (x) => f([1, 3], true)(pooled(x)), x: [image] },
    ];
  }),
  { name: 'max with ties', f: (x) => tf.max(tf.floor(x), 1), x: [cube] },
  { name: 'sum of int32', f: (x) => tf.sum(x, 1), x: [wholes([3, 4])] },
  { name: 'sum of bool counts', f: (x) => tf.sum(x, 1), x: [flags([3, 4])] },
  { name: 'mean of int32', f: (x) => tf.mean(x, 1), x: [wholes([3, 4])] },
  { name: 'all', f: (x) => tf.all(x, 1), x: [flags([6, 2])] },
  { name: 'any', f: (x) => tf.any(x, 0), x: [flags([3, 4])] },
  { name: 'argMax with ties', f: (x) => tf.argMax(x, 1), x: [wholes([5, 9])] },
  { name: 'argMin of NCHW', f: (x) => tf.argMin(pooled(x), 3), x: [image], gradients: false },
  { name: 'moments', f: (x) => Object.values(tf.moments(x, [0, 1])), x: [cube] },
  { name: 'logSumExp', f: (x) => tf.logSumExp(x, 1), x: [cube] },
  { name: 'softmax', f: (x) => tf.softmax(x), x: [cube] },
  { name: 'logSoftmax', f: (x) => tf.logSoftmax(x), x: [cube] },
  { name: 'softmax of large logits', f: (x) => tf.softmax(tf.mul(x, 500)), x: [numbers([4, 6])] },
  { name: 'norm', f: (x) => tf.norm(x, 2, 1), x: [cube] },
  { name: 'topk with ties', f: (x) => Object.values(tf.topk(x, 3)), x: [wholes([4, 9])] },
  { name: 'cumsum', f: (x) => tf.cumsum(x, 2), x: [cube] },
  { name: 'cumsum exclusive, reverse', f: (x) => tf.cumsum(x, 2, true, true), x: [cube] },
  { name: 'cumprod', f: (x) => tf.cumprod(x, 1), x: [cube], gradients: false },
  { name: 'cumprod exclusive, reverse', f: (x) => tf.cumprod(x, 2, true, true), x: [cube], gradients: false },
];

const shapes: Case[] = [
  { name: 'reshape', f: (x) => tf.reshape(x, [5, -1]), x: [cube] },
  { name: 'reshape of NCHW', f: (x) => tf.reshape(pooled(x), [2, -1]), x: [image] },
  { name: 'expandDims', f: (x) => tf.expandDims(x, -2), x: [cube] },
  { name: 'squeeze', f: (x) => tf.squeeze(tf.sum(x, 1, true)), x: [cube] },
  { name: 'transpose', f: (x) => tf.transpose(x, [2, 0, 1]), x: [cube] },
  { name: 'transpose of NCHW', f: (x) => tf.transpose(pooled(x), [1, 3, 0, 2]), x: [image] },
  { name: 'transpose to NCHW and on', f: (x) => tf.sum(tf.transpose(pooled(x), [0, 3, 1, 2]), 1), x: [image] },
  { name: 'concat', f: (a, b) => tf.concat([a, b], 1), x: [numbers([2, 3, 2], 1), numbers([2, 1, 2], 2)] },
  { name: 'concat of NCHW', f: (x) => tf.concat([pooled(x), pooled(tf.neg(x))], 3), x: [image] },
  { name: 'concat of NCHW and NHWC', f: (x, y) => tf.concat([pooled(x), y], -1), x: [image, numbers([2, 4, 6, 2])] },
  {
    name: 'concat with an empty part',
    f: (a, b) => tf.concat([a, tf.slice(b, 0, 0)], 0),
    x: [numbers([2, 3], 1), numbers([2, 3], 2)],
    gradients: false,
  },
  { name: 'stack', f: (a, b) => tf.stack([a, b], 1), x: [numbers([2, 3], 1), numbers([2, 3], 2)] },
  { name: 'unstack', f: (x) => tf.unstack(x, 1), x: [cube] },
  { name: 'split', f: (x) => tf.split(x, [1, 3], 1), x: [cube] },
  { name: 'tile', f: (x) => tf.tile(x, [2, 1, 3]), x: [cube] },
  { name: 'tile of ones', f: (x) => tf.tile(x, [3, 2]), x: [numbers([1, 1])] },
  { name: 'broadcastTo', f: (x) => tf.broadcastTo(x, [4, 2, 3]), x: [numbers([2, 1])] },
  { name: 'slice', f: (x) => tf.slice(x, [1, 0, 2], [2, -1, 2]), x: [cube] },
  { name: 'slice of NCHW', f: (x) => tf.slice(pooled(x), [0, 1, 0, 1], [1, 2, 3, -1]), x: [image] },
  { name: 'stridedSlice', f: (x) => tf.stridedSlice(x, [0, 1, 4], [3, 4, 0], [2, 1, -2]), x: [cube], gradients: false },
  {
    name: 'stridedSlice through the start',
    f: (x) => tf.stridedSlice(x, [4], [0], [-1], 0, 1),
    x: [numbers([5])],
    gradients: false,
  },
  {
    name: 'stridedSlice that drops an axis',
    f: (x) => tf.stridedSlice(x, [1, 0, 1], [2, 4, 5], [1, 1, 1], 0, 0, 0, 0, 1),
    x: [cube],
    gradients: false,
  },
  { name: 'reverse', f: (x) => tf.reverse(x, [0, -1]), x: [cube] },
  { name: 'reverse of NCHW channels', f: (x) => tf.reverse(pooled(x), 3), x: [image] },
  {
    name: 'pad',
    f: (x) =>
      tf.pad(
        x,
        [
          [1, 2],
          [0, 0],
          [0, 3],
        ],
        0.5,
      ),
    x: [cube],
  },
  {
    name: 'pad of NCHW',
    f: (x) =>
      tf.pad(pooled(x), [
        [0, 0],
        [1, 2],
        [0, 3],
        [0, 1],
      ]),
    x: [image],
  },
  {
    name: 'mirrorPad reflect',
    f: (x) =>
      tf.mirrorPad(
        x,
        [
          [1, 1],
          [2, 1],
          [0, 3],
        ],
        'reflect',
      ),
    x: [cube],
    gradients: false,
  },
  {
    name: 'mirrorPad symmetric',
    f: (x) =>
      tf.mirrorPad(
        x,
        [
          [1, 2],
          [2, 0],
          [0, 3],
        ],
        'symmetric',
      ),
    x: [cube],
    gradients: false,
  },
  { name: 'NCHW plus NHWC', f: (x, y) => tf.add(pooled(x), y), x: [image, numbers([2, 4, 6, 3], 5)] },
  { name: 'NCHW times a map of one channel', f: (x, y) => tf.mul(pooled(x), y), x: [image, numbers([4, 6, 1], 5)] },
  { name: 'zerosLike and onesLike', f: (x) => [tf.zerosLike(x), tf.onesLike(x)], x: [cube], gradients: false },
  { name: 'ones that broadcast', f: (x) => tf.mul(x, tf.ones([3, 40])), x: [numbers([3, 1])] },
  {
    name: 'fill, range and linspace',
    f: () => [tf.fill([2, 3], 7), tf.range(1, 8, 3), tf.linspace(0, 1, 5)],
    x: [],
    gradients: false,
  },
  { name: 'oneHot with a class out of range', f: (x) => tf.oneHot(x, 3), x: [wholes([7])] },
  {
    name: 'oneHot of float32',
    f: (x) => tf.oneHot(tf.abs(x), 3, 0.9, 0.1, 'float32'),
    x: [wholes([7])],
  },
  { name: 'gather', f: (x) => tf.gather(x, tf.tensor1d([2, 0, 2], 'int32'), 1), x: [cube] },
  {
    name: 'gather by a matrix',
    f: (x) =>
      tf.gather(
        x,
        tf.tensor2d(
          [
            [2, 0],
            [1, 1],
          ],
          [2, 2],
          'int32',
        ),
      ),
    x: [cube],
  },
  {
    name: 'gather in batches',
    f: (x) =>
      tf.gather(
        x,
        tf.tensor2d(
          [
            [2, 0],
            [1, 1],
            [0, 4],
          ],
          [3, 2],
          'int32',
        ),
        2,
        1,
      ),
    x: [cube],
    gradients: false,
  },
  {
    name: 'gatherND',
    f: (x) =>
      tf.gatherND(
        x,
        tf.tensor2d(
          [
            [2, 0],
            [1, 3],
          ],
          [2, 2],
          'int32',
        ),
      ),
    x: [cube],
    gradients: false,
  },
  {
    name: 'scatterND adds',
    f: (x) => tf.scatterND(tf.tensor2d([[1], [3], [1]], [3, 1], 'int32'), x, [5, 2]),
    x: [numbers([3, 2])],
    gradients: false,
  },
  { name: 'unsortedSegmentSum', f: (x) => tf.unsortedSegmentSum(x, tf.tensor1d([1, 0, 1], 'int32'), 4), x: [cube] },
];

const products: Case[] = [
  { name: 'matMul', f: (a, b) => tf.matMul(a, b), x: [numbers([3, 5], 1), numbers([5, 4], 2)] },
  {
    name: 'matMul of transposed',
    f: (a, b) => tf.matMul(a, b, true, true),
    x: [numbers([5, 3], 1), numbers([4, 5], 2)],
  },
  {
    name: 'matMul of the second transposed',
    f: (a, b) => tf.matMul(a, b, false, true),
    x: [numbers([3, 5], 1), numbers([4, 5], 2)],
  },
  { name: 'batches', f: (a, b) => tf.matMul(a, b, true), x: [numbers([2, 5, 3], 1), numbers([2, 5, 4], 2)] },
  {
    name: 'batches that broadcast',
    f: (a, b) => tf.matMul(a, b),
    x: [numbers([2, 3, 5], 1), numbers([1, 5, 4], 2)],
    gradients: false,
  },
  { name: 'dot', f: (a, b) => tf.dot(a, b), x: [numbers([5], 1), numbers([5], 2)] },
  {
    name: 'outerProduct',
    f: (a, b) => tf.outerProduct(a as tf.Tensor1D, b as tf.Tensor1D),
    x: [numbers([5], 1), numbers([4], 2)],
  },
  ...(['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const).map((activation): Case => ({
    name: `fused with bias and ${activation}`,
    f: (a, b, bias) => tf.fused.matMul({ a: a, b: b, bias, activation, leakyreluAlpha: 0.3 }),
    x: [numbers([3, 5], 1), numbers([5, 4], 2), numbers([4], 3)],
    gradients: activation !== 'leakyrelu' && activation !== 'sigmoid',
  })),
  {
    name: 'fused with prelu',
    f: (a, b, alpha) => tf.fused.matMul({ a: a, b: b, activation: 'prelu', preluActivationWeights: alpha }),
    x: [numbers([3, 5], 1), numbers([5, 4], 2), numbers([4], 3)],
    gradients: false,
  },
  {
    name: 'einsum',
    f: (a, b) => tf.einsum('bij,jk->bik', a, b),
    x: [numbers([2, 3, 4], 1), numbers([4, 5], 2)],
    gradients: false,
  },
];

describe('reductions', () => {
  it.each(reductions)('$name', (test) => expectEqualToEager(engine, test));
});

describe('shapes', () => {
  it.each(shapes)('$name', (test) => expectEqualToEager(engine, test));
});

describe('products', () => {
  it.each(products)('$name', (test) => expectEqualToEager(engine, test));
});
