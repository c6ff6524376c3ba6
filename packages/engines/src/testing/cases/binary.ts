import * as tf from '@tensorflow/tfjs-core';

import { flags, numbers, ties, wholes, type NumericCase } from '../numeric-case.js';

type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

const SHAPES: readonly [name: string, a: readonly number[], b: readonly number[]][] = [
  ['equal shapes', [2, 3, 4], [2, 3, 4]],
  ['a vector', [2, 3, 4], [4]],
  ['a scalar', [2, 3], []],
  ['each other', [3, 1, 2], [4, 1]],
  ['rank 4 with channels', [2, 3, 4, 5], [5]],
  ['an inner axis', [2, 3, 4], [2, 1, 4]],
];

const ARITHMETIC: Readonly<Record<string, Binary>> = {
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  div: tf.div,
  maximum: tf.maximum,
  minimum: tf.minimum,
  squaredDifference: tf.squaredDifference,
  mod: tf.mod,
  atan2: tf.atan2,
  'pow of positives': (a, b) => tf.pow(tf.add(tf.abs(a), 0.5), b),
  prelu: (a, b) => tf.prelu(a, tf.broadcastTo(b, tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape))),
};

/** tfjs' gradients of these do not sum over the axes that broadcast, and refuse. */
const EQUAL_SHAPES_ONLY = new Set(['maximum', 'minimum', 'squaredDifference', 'prelu']);

const COMPARISONS: Readonly<Record<string, Binary>> = {
  equal: tf.equal,
  notEqual: tf.notEqual,
  greater: tf.greater,
  greaterEqual: tf.greaterEqual,
  less: tf.less,
  lessEqual: tf.lessEqual,
};

export const binaryCases: readonly NumericCase[] = [
  ...Object.entries(ARITHMETIC).flatMap(([name, f]) =>
    SHAPES.map(([shapes, a, b]): NumericCase => ({
      name: `${name} broadcasts to ${shapes}`,
      f,
      x: [numbers(a, 1), numbers(b, 2)],
      gradients: EQUAL_SHAPES_ONLY.has(name) && a.join() !== b.join() ? false : undefined,
      tolerance: 4e-6,
    })),
  ),
  ...Object.entries(COMPARISONS).flatMap(([name, f]): NumericCase[] => [
    ...SHAPES.map(([shapes, a, b]): NumericCase => ({
      name: `${name} of int32 broadcasts to ${shapes}`,
      f,
      x: [wholes(a, 1), wholes(b, 2)],
    })),
    { name: `${name} of float32 with ties`, f, x: [ties([4, 5], 1), ties([5], 2)], gradients: false },
  ]),
  ...Object.entries({ maximum: tf.maximum, minimum: tf.minimum }).map(([name, f]): NumericCase => ({
    name: `${name} with ties`,
    f,
    x: [ties([12], 1), ties([12], 2)],
  })),
  { name: 'add with nothing', f: tf.add, x: [numbers([0, 3]), numbers([3])], gradients: false },
  { name: 'equal of bool', f: tf.equal, x: [flags([6], 1), flags([6], 2)] },
  { name: 'logicalAnd', f: tf.logicalAnd, x: [flags([4, 3], 1), flags([4, 3], 2)] },
  { name: 'logicalOr', f: tf.logicalOr, x: [flags([4, 3], 1), flags([3], 2)] },
  { name: 'logicalXor', f: tf.logicalXor, x: [flags([4, 3], 1), flags([4, 3], 2)] },
  { name: 'bitwiseAnd', f: tf.bitwiseAnd, x: [wholes([20], 1, -99, 99), wholes([20], 2, -99, 99)] },
  { name: 'addN', f: (a, b, c) => tf.addN([a, b, c]), x: [1, 2, 3].map((seed) => numbers([2, 3], seed)) },
  { name: 'pow of int32', f: (x) => tf.pow(x, tf.scalar(3, 'int32')), x: [wholes([7])] },
  { name: 'pow of negatives to whole numbers', f: (x) => tf.pow(x, 3), x: [numbers([9])] },
  { name: 'atan2 on the axes', f: tf.atan2, x: [ties([30], 1), ties([30], 2)], gradients: false },
  { name: 'divNoNan', f: tf.divNoNan, x: [ties([12], 1), ties([12], 2)], gradients: false },
  ...Object.entries({ floorDiv: tf.floorDiv, mod: tf.mod }).flatMap(([name, f]): NumericCase[] => [
    { name: `${name} of negative int32`, f, x: [wholes([20], 1, -9, 9), wholes([20], 2, 1, 4)] },
    { name: `${name} by negative int32`, f, x: [wholes([20], 1, -9, 9), wholes([20], 2, -4, -1)] },
    {
      name: `${name} of float32`,
      f: (a, b) => tf.cast(f(a, b), 'float32'),
      x: [numbers([20], 1, -9, 9), numbers([20], 2, 0.5, 3)],
      gradients: false,
    },
  ]),
];
