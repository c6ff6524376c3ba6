import * as tf from '@tensorflow/tfjs-core';

import { flags, numbers, wholes, type NumericCase } from '../numeric-case.js';

import { cube, image, pooled } from './arrays.js';

type Paddings = [number, number][];
const around = (...paddings: Paddings) => paddings;

export const sliceCases: readonly NumericCase[] = [
  { name: 'slice', f: (x) => tf.slice(x, [1, 0, 2], [2, -1, 2]), x: [cube] },
  { name: 'slice of bool', f: (x) => tf.slice(x, [1, 0], [1, 2]), x: [flags([3, 2])] },
  { name: 'slice of nothing', f: (x) => tf.slice(x, [1, 0], [0, 2]), x: [numbers([3, 2])], gradients: false },
  { name: 'slice of NCHW', f: (x) => tf.slice(pooled(x), [0, 1, 0, 1], [1, 2, 3, -1]), x: [image] },
  { name: 'stridedSlice', f: (x) => tf.stridedSlice(x, [0, 1, 4], [3, 4, 0], [2, 1, -2]), x: [cube], gradients: false },
  {
    name: 'stridedSlice through the start',
    f: (x) => tf.stridedSlice(x, [4], [0], [-1], 0, 1),
    x: [numbers([5])],
    gradients: false,
  },
  {
    name: 'stridedSlice from negative places',
    f: (x) => tf.stridedSlice(x, [-4], [-1], [2]),
    x: [numbers([5])],
    gradients: false,
  },
  {
    name: 'stridedSlice that drops an axis',
    f: (x) => tf.stridedSlice(x, [1, 0, 1], [2, 4, 5], [1, 1, 1], 0, 0, 0, 0, 1),
    x: [cube],
    gradients: false,
  },
  {
    name: 'stridedSlice with an ellipsis and a new axis',
    f: (x) => tf.stridedSlice(x, [0, 0, 1], [0, 0, 3], [1, 1, 1], 0, 0, 1, 2),
    x: [cube],
    gradients: false,
  },
  { name: 'reverse', f: (x) => tf.reverse(x, [0, -1]), x: [cube] },
  { name: 'reverse of all axes', f: (x) => tf.reverse(x), x: [numbers([2, 3])] },
  { name: 'reverse of NCHW channels', f: (x) => tf.reverse(pooled(x), 3), x: [image] },
  { name: 'pad', f: (x) => tf.pad(x, around([1, 2], [0, 0], [0, 3]), 0.5), x: [cube] },
  { name: 'pad of int32', f: (x) => tf.pad(x, around([1, 2]), 7), x: [wholes([3])] },
  { name: 'pad of NCHW', f: (x) => tf.pad(pooled(x), around([0, 0], [1, 2], [0, 3], [0, 1])), x: [image] },
  {
    name: 'mirrorPad reflect',
    f: (x) => tf.mirrorPad(x, around([1, 1], [2, 1], [0, 3]), 'reflect'),
    x: [cube],
    gradients: false,
  },
  {
    name: 'mirrorPad symmetric',
    f: (x) => tf.mirrorPad(x, around([1, 2], [2, 0], [0, 3]), 'symmetric'),
    x: [cube],
    gradients: false,
  },
];
