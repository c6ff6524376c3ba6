import * as tf from '@tensorflow/tfjs-core';

import { flags, numbers, wholes, type NumericCase } from '../numeric-case.js';

import { cube, image, pooled } from './arrays.js';

export const shapeCases: readonly NumericCase[] = [
  { name: 'reshape', f: (x) => tf.reshape(x, [5, -1]), x: [cube] },
  { name: 'reshape to a scalar', f: (x) => tf.reshape(x, []), x: [numbers([1, 1])] },
  { name: 'reshape of nothing', f: (x) => tf.reshape(x, [3, 0]), x: [numbers([0, 2])], gradients: false },
  { name: 'reshape of NCHW', f: (x) => tf.reshape(pooled(x), [2, -1]), x: [image] },
  { name: 'expandDims', f: (x) => tf.expandDims(x, -2), x: [cube] },
  { name: 'squeeze', f: (x) => tf.squeeze(tf.sum(x, 1, true)), x: [cube] },
  { name: 'transpose', f: (x) => tf.transpose(x, [2, 0, 1]), x: [cube] },
  { name: 'transpose of bool', f: (x) => tf.transpose(x), x: [flags([3, 4])] },
  { name: 'transpose of NCHW', f: (x) => tf.transpose(pooled(x), [1, 3, 0, 2]), x: [image] },
  { name: 'transpose to NCHW and on', f: (x) => tf.sum(tf.transpose(pooled(x), [0, 3, 1, 2]), 1), x: [image] },
  { name: 'concat', f: (a, b) => tf.concat([a, b], 1), x: [numbers([2, 3, 2], 1), numbers([2, 1, 2], 2)] },
  { name: 'concat of int32', f: (a, b) => tf.concat([a, b], -1), x: [wholes([2, 3], 1), wholes([2, 1], 2)] },
  { name: 'concat of NCHW', f: (x) => tf.concat([pooled(x), pooled(tf.neg(x))], 3), x: [image] },
  { name: 'concat of NCHW and NHWC', f: (x, y) => tf.concat([pooled(x), y], -1), x: [image, numbers([2, 4, 6, 2])] },
  {
    name: 'concat with an empty part',
    f: (a, b) => tf.concat([a, tf.slice(b, 0, 0)], 0),
    x: [numbers([2, 3], 1), numbers([2, 3], 2)],
    gradients: false,
  },
  { name: 'stack', f: (a, b) => tf.stack([a, b], 1), x: [numbers([2, 3], 1), numbers([2, 3], 2)] },
  { name: 'stack behind the last axis', f: (a, b) => tf.stack([a, b], -1), x: [numbers([2], 1), numbers([2], 2)] },
  { name: 'unstack', f: (x) => tf.unstack(x, 1), x: [cube] },
  { name: 'unstack of the last axis', f: (x) => tf.unstack(x, -1), x: [numbers([2, 3])] },
  { name: 'split in sizes', f: (x) => tf.split(x, [1, 3], 1), x: [cube] },
  { name: 'split in equal parts', f: (x) => tf.split(x, 2, -2), x: [cube] },
  { name: 'tile', f: (x) => tf.tile(x, [2, 1, 3]), x: [cube] },
  { name: 'tile of ones', f: (x) => tf.tile(x, [3, 2]), x: [numbers([1, 1])] },
  { name: 'tile of bool', f: (x) => tf.tile(x, [2, 2]), x: [flags([2, 3])] },
  { name: 'broadcastTo', f: (x) => tf.broadcastTo(x, [4, 2, 3]), x: [numbers([2, 1])] },
  { name: 'NCHW plus NHWC', f: (x, y) => tf.add(pooled(x), y), x: [image, numbers([2, 4, 6, 3], 5)] },
  { name: 'NCHW times a map of one channel', f: (x, y) => tf.mul(pooled(x), y), x: [image, numbers([4, 6, 1], 5)] },
  { name: 'zerosLike and onesLike', f: (x) => [tf.zerosLike(x), tf.onesLike(x)], x: [cube], gradients: false },
  { name: 'ones that broadcast', f: (x) => tf.mul(x, tf.ones([3, 40])), x: [numbers([3, 1])] },
  { name: 'eye', f: (x) => tf.matMul(x, tf.eye(4, 3)), x: [numbers([2, 4])] },
  { name: 'diag of a vector', f: (x) => tf.diag(x), x: [numbers([4])], gradients: false },
  { name: 'diag of a matrix', f: (x) => tf.diag(x), x: [wholes([2, 3])] },
  { name: 'bandPart', f: (x) => tf.linalg.bandPart(x, 1, 0), x: [numbers([2, 4, 5])] },
  {
    name: 'meshgrid',
    f: (x, y) => tf.meshgrid(x as tf.Tensor1D, y as tf.Tensor1D),
    x: [numbers([3], 1), numbers([4], 2)],
    gradients: false,
  },
  {
    name: 'fill, range and linspace',
    f: () => [tf.fill([2, 3], 7), tf.range(1, 8, 3), tf.range(3, -3, -2, 'int32'), tf.linspace(0, 1, 5)],
    x: [],
  },
];
