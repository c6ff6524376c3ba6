import * as tf from '@tensorflow/tfjs-core';

import { numbers, vector, wholes, type NumericCase } from '../numeric-case.js';

import { image, pooled } from './arrays.js';

type T3 = tf.Tensor3D;
type T4 = tf.Tensor4D;

const SIZES: readonly [name: string, size: [number, number]][] = [
  ['twice', [10, 14]],
  ['by half-ish', [2, 3]],
  ['unevenly', [8, 5]],
  ['to one pixel', [1, 1]],
  ['not at all', [5, 7]],
];

/** `alignCorners` and `halfPixelCenters`. tfjs takes at most one of them. */
const FLAGS: readonly [name: string, align: boolean, half: boolean][] = [
  ['', false, false],
  [', corners aligned', true, false],
  [', half pixels', false, true],
];

const resizing: readonly NumericCase[] = Object.entries({
  resizeBilinear: tf.image.resizeBilinear,
  resizeNearestNeighbor: tf.image.resizeNearestNeighbor,
}).flatMap(([kind, resize]) =>
  SIZES.flatMap(([name, size]) =>
    FLAGS.map(([flags, align, half]): NumericCase => ({
      name: `${kind} ${name}${flags}`,
      f: (x) => resize(x as T4, size, align, half),
      // tfjs' CPU backend gives bilinear gradients the shape of a turned image, and takes gradients of nearest neighbours
      // from the wrong image of a batch: square ones and single ones can be compared.
      x: [kind === 'resizeBilinear' ? numbers([2, 5, 5, 3]) : numbers([1, 5, 7, 3])],
      // tfjs leaves half pixels out of its gradients; they are compared with finite differences instead.
      gradients: !half,
    })),
  ),
);

/** Kernels that sample, cut or rearrange images. */
export const imageCases: readonly NumericCase[] = [
  ...resizing,
  { name: 'resizeBilinear of int32', f: (x) => tf.image.resizeBilinear(x as T4, [4, 9]), x: [wholes([1, 3, 5, 2])] },
  {
    name: 'resizeNearestNeighbor of int32',
    f: (x) => tf.image.resizeNearestNeighbor(x as T4, [4, 9]),
    x: [wholes([1, 3, 5, 2])],
  },
  {
    name: 'resizeNearestNeighbor behind a pooling, twice',
    f: (x) => tf.image.resizeNearestNeighbor(pooled(x) as T4, [8, 12]),
    x: [numbers([1, 5, 7, 3])],
  },
  ...([0, 1, 2, 9] as const).map((radius): NumericCase => ({
    name: `localResponseNormalization of radius ${radius}`,
    f: (x) => tf.localResponseNormalization(x as T4, radius, 1.5, 0.3, 0.75),
    x: [numbers([2, 3, 2, 6])],
    tolerance: 4e-6,
  })),
  ...(['bilinear', 'nearest'] as const).map((method): NumericCase => ({
    name: `cropAndResize, ${method}`,
    f: (x, boxes) =>
      tf.image.cropAndResize(x as T4, boxes as tf.Tensor2D, tf.tensor1d([0, 1, 1], 'int32'), [3, 4], method, 0.5),
    x: [image, { ...vector(0, 0, 1, 1, 0.1, 0.2, 0.7, 0.9, -0.3, 0.6, 0.5, 1.4), shape: [3, 4] }],
    gradients: false,
  })),
  {
    name: 'cropAndResize to one pixel',
    f: (x) => tf.image.cropAndResize(x as T4, tf.tensor2d([[0.1, 0, 0.7, 0.9]]), tf.tensor1d([0], 'int32'), [1, 1]),
    x: [image],
    gradients: false,
  },
  { name: 'flipLeftRight', f: (x) => tf.image.flipLeftRight(x as T4), x: [image], gradients: false },
  { name: 'grayscaleToRGB', f: (x) => tf.image.grayscaleToRGB(x as T3), x: [numbers([3, 4, 1])] },
  { name: 'depthToSpace', f: (x) => tf.depthToSpace(x as T4, 2), x: [numbers([2, 3, 2, 12])], gradients: false },
  {
    name: 'spaceToBatchND',
    f: (x) =>
      tf.spaceToBatchND(
        x,
        [2, 3],
        [
          [1, 0],
          [0, 2],
        ],
      ),
    x: [image],
  },
  {
    name: 'batchToSpaceND',
    f: (x) =>
      tf.batchToSpaceND(
        x,
        [2, 2],
        [
          [0, 1],
          [1, 0],
        ],
      ),
    x: [numbers([8, 2, 3, 2])],
  },
  ...[false, true].map((batch): NumericCase => ({
    name: `maxPoolWithArgmax${batch ? ', places through the batch' : ''}`,
    f: (x) => Object.values(tf.maxPoolWithArgmax(x as T4, 2, 2, 'same', batch)),
    x: [image],
    gradients: false,
  })),
];
