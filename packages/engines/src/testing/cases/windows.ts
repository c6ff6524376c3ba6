import * as tf from '@tensorflow/tfjs-core';

import { numbers, ties, type NumericCase } from '../numeric-case.js';

import { image } from './arrays.js';

type T4 = tf.Tensor4D;
type Pad = Parameters<typeof tf.conv2d>[3];

/** Sizes that no stride divides, uneven padding, windows that reach over the edge. */
const WINDOWS: readonly { name: string; size: [number, number]; stride: number | [number, number]; pad: Pad }[] = [
  { name: '3x3 same', size: [3, 3], stride: 1, pad: 'same' },
  { name: '3x3 same by 2', size: [3, 3], stride: 2, pad: 'same' },
  { name: '1x1', size: [1, 1], stride: 1, pad: 'valid' },
  { name: '1x1 by 2', size: [1, 1], stride: 2, pad: 'valid' },
  { name: '2x3 valid by 3 and 2', size: [2, 3], stride: [3, 2], pad: 'valid' },
  { name: '5x4 same by 1 and 3', size: [5, 4], stride: [1, 3], pad: 'same' },
  { name: '3x3 padded by 1', size: [3, 3], stride: 2, pad: 1 },
];

/** Convolutions and pools: what the lowerings of each must do at least, on every engine. */
export const windowCases: readonly NumericCase[] = [
  ...WINDOWS.flatMap(({ name, size, stride, pad }): NumericCase[] => [
    {
      name: `conv2d ${name}`,
      f: (x, filter) => tf.conv2d(x as T4, filter as T4, stride, pad, 'NHWC', 1, pad === 1 ? 'floor' : undefined),
      x: [image, numbers([...size, 3, 4], 2)],
    },
    {
      name: `maxPool ${name}`,
      f: (x) => tf.maxPool(x as T4, size, stride, pad, pad === 1 ? 'floor' : undefined),
      x: [image],
    },
    {
      name: `avgPool ${name}`,
      f: (x) => tf.avgPool(x as T4, size, stride, pad, pad === 1 ? 'floor' : undefined),
      x: [image],
      // tfjs' gradient is not the derivative of its forward pass where windows reach over the edge.
      gradients: pad === 'valid',
    },
  ]),
  ...([1, 2] as const).map((stride): NumericCase => ({
    name: `depthwiseConv2d by ${stride}`,
    f: (x, filter) => tf.depthwiseConv2d(x as T4, filter as T4, stride, 'same'),
    x: [image, numbers([3, 3, 3, 2], 2)],
  })),
  {
    name: 'conv2d dilated',
    f: (x, filter) => tf.conv2d(x as T4, filter as T4, 1, 'same', 'NHWC', [1, 2]),
    x: [image, numbers([3, 3, 3, 4], 2)],
  },
  {
    name: 'depthwiseConv2d dilated',
    f: (x, filter) => tf.depthwiseConv2d(x as T4, filter as T4, 1, 'valid', 'NHWC', 2),
    x: [image, numbers([2, 3, 3, 2], 2)],
  },
  {
    name: 'conv2dTranspose',
    f: (x, filter) => tf.conv2dTranspose(x as T4, filter as T4, [2, 10, 13, 4], 2, 'same'),
    x: [image, numbers([3, 3, 4, 3], 2)],
  },
  {
    name: 'separableConv2d',
    f: (x, depth, point) => tf.separableConv2d(x as T4, depth as T4, point as T4, 1, 'same'),
    x: [image, numbers([3, 3, 3, 2], 2), numbers([1, 1, 6, 4], 3)],
  },
  {
    name: 'conv1d',
    f: (x, filter) => tf.conv1d(x as tf.Tensor3D, filter as tf.Tensor3D, 2, 'same'),
    x: [numbers([2, 9, 3]), numbers([3, 3, 4], 2)],
  },
  {
    name: 'fused conv2d with bias and relu',
    f: (x, filter, bias) =>
      tf.fused.conv2d({ x: x as T4, filter: filter as T4, strides: 2, pad: 'same', bias, activation: 'relu' }),
    x: [image, numbers([3, 3, 3, 4], 2), numbers([4], 3)],
  },
  { name: 'maxPool with ties', f: (x) => tf.maxPool(x as T4, 3, 2, 'same'), x: [ties([2, 5, 7, 3])] },
  {
    name: 'conv2d twice, with an activation between and a sum after',
    f: (x, a, b) => tf.add(tf.conv2d(tf.relu(tf.conv2d(x as T4, a as T4, 1, 'same')), b as T4, 1, 'same'), x),
    x: [image, numbers([3, 3, 3, 4], 2), numbers([3, 3, 4, 3], 3)],
  },
];
