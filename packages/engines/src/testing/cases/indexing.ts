import * as tf from '@tensorflow/tfjs-core';

import { numbers, wholes, type NumericCase } from '../numeric-case.js';

import { cube } from './arrays.js';

const ints = (shape: number[], ...values: number[]) => tf.tensor(values, shape, 'int32');

export const indexingCases: readonly NumericCase[] = [
  { name: 'oneHot with a class out of range', f: (x) => tf.oneHot(x, 3), x: [wholes([7])] },
  { name: 'oneHot of float32', f: (x) => tf.oneHot(tf.abs(x), 3, 0.9, 0.1, 'float32'), x: [wholes([7])] },
  { name: 'oneHot of a matrix', f: (x) => tf.oneHot(x, 4), x: [wholes([2, 3], 1, 0, 4)] },
  { name: 'gather', f: (x) => tf.gather(x, ints([3], 2, 0, 2), 1), x: [cube] },
  { name: 'gather of the last axis', f: (x) => tf.gather(x, ints([3], 2, 0, 2), -1), x: [cube] },
  { name: 'gather by one', f: (x) => tf.gather(x, tf.scalar(1, 'int32'), 1), x: [cube] },
  { name: 'gather by a matrix', f: (x) => tf.gather(x, ints([2, 2], 2, 0, 1, 1)), x: [cube] },
  { name: 'gather of int32', f: (x) => tf.gather(x, ints([2], 2, 0)), x: [wholes([3, 2])] },
  {
    name: 'gather in batches',
    f: (x) => tf.gather(x, ints([3, 2], 2, 0, 1, 1, 0, 4), 2, 1),
    x: [cube],
    gradients: false,
  },
  { name: 'gather by an input', f: (x, i) => tf.gather(x, i), x: [cube, wholes([4], 1, 0, 3)] },
  { name: 'embedding', f: (table) => tf.gather(table, ints([2, 3], 4, 0, 4, 1, 1, 4)), x: [numbers([5, 2])] },
  { name: 'gatherND', f: (x) => tf.gatherND(x, ints([2, 2], 2, 0, 1, 3)), x: [cube], gradients: false },
  {
    name: 'scatterND adds',
    f: (x) => tf.scatterND(ints([3, 1], 1, 3, 1), x, [5, 2]),
    x: [numbers([3, 2])],
    gradients: false,
  },
  { name: 'scatterND of int32', f: (x) => tf.scatterND(ints([3, 1], 1, 3, 1), x, [5]), x: [wholes([3])] },
  {
    name: 'tensorScatterUpdate',
    f: (x, updates) => tf.tensorScatterUpdate(x, ints([2, 1], 2, 0), updates),
    x: [numbers([4, 3], 1), numbers([2, 3], 2)],
    gradients: false,
  },
  {
    name: 'sparseToDense',
    f: (values) => tf.sparseToDense(ints([2, 2], 0, 1, 2, 0), values, [3, 2], tf.scalar(9)),
    x: [numbers([2])],
    gradients: false,
  },
  {
    name: 'sparseToDense of one value',
    f: () => tf.sparseToDense(ints([2], 0, 2), tf.scalar(5), [4], tf.scalar(1)),
    x: [],
  },
  { name: 'unsortedSegmentSum', f: (x) => tf.unsortedSegmentSum(x, tf.tensor1d([1, 0, 1], 'int32'), 4), x: [cube] },
  {
    name: 'inTopK by comparison',
    f: (scores, label) => {
      const own = tf.sum(tf.mul(scores, tf.oneHot(label, 5, 1, 0, 'float32')), 1, true);
      return tf.less(tf.sum(tf.cast(tf.greater(scores, own), 'int32'), 1), tf.scalar(2, 'int32'));
    },
    x: [numbers([6, 5]), wholes([6], 1, 0, 5)],
  },
];
