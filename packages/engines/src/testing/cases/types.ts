import * as tf from '@tensorflow/tfjs-core';

import { flags, numbers, vector, wholes, type NumericCase } from '../numeric-case.js';

/** Types other than float32, casts, and values at the end of float32's range. */
export const typeCases: readonly NumericCase[] = [
  ...Object.entries({ add: tf.add, mul: tf.mul, sub: tf.sub, maximum: tf.maximum, minimum: tf.minimum }).map(
    ([name, f]): NumericCase => ({ name: `${name} of int32`, f, x: [wholes([2, 3], 1), wholes([3], 2)] }),
  ),
  { name: 'div of int32', f: (a, b) => tf.div(a, b), x: [wholes([12], 1, -9, 9), wholes([12], 2, 1, 4)] },
  { name: 'add of int32 and float32', f: tf.add, x: [wholes([2, 3]), numbers([3])] },
  { name: 'squaredDifference of int32', f: tf.squaredDifference, x: [wholes([2, 3], 1), wholes([3], 2)] },
  { name: 'where', f: (c, a, b) => tf.where(c, a, b), x: [flags([3, 4]), numbers([3, 4], 1), numbers([3, 4], 2)] },
  { name: 'where of int32', f: (c, a, b) => tf.where(c, a, b), x: [flags([6]), wholes([6], 1), wholes([6], 2)] },
  { name: 'where of bool', f: (c, a, b) => tf.where(c, a, b), x: [flags([6]), flags([6], 2), flags([6], 3)] },
  { name: 'where broadcasts', f: (c, a) => tf.where(c, a, tf.scalar(0)), x: [flags([4]), numbers([3, 4], 1)] },
  {
    name: 'where has a gradient',
    f: (a, b) => tf.where(tf.tensor([true, false, true], [3, 1]), a, tf.mul(b, 2)),
    x: [numbers([3, 4], 1), numbers([3, 4], 2)],
  },
  { name: 'cast to int32 truncates', f: (x) => tf.cast(x, 'int32'), x: [numbers([20], 1, -5, 5)], gradients: false },
  { name: 'cast to bool', f: (x) => tf.cast(x, 'bool'), x: [wholes([20], 1, -1, 2)] },
  { name: 'cast of bool', f: (x) => tf.cast(x, 'float32'), x: [flags([20])] },
  { name: 'cast to bool of fractions', f: (x) => tf.cast(x, 'bool'), x: [vector(0, 0.4, -0.4, 1)], gradients: false },
  {
    name: 'uint8 input is int32',
    f: (x) => tf.cast(tf.add(x, tf.scalar(300, 'int32')), 'float32'),
    x: [{ dtype: 'uint8', shape: [3], data: Uint8Array.of(0, 128, 255) }],
  },
  { name: 'log1p far out', f: tf.log1p, x: [vector(Infinity, 3e38, -1)], gradients: false },
  { name: 'expm1 far out', f: tf.expm1, x: [vector(-200, 200, -0)], gradients: false },
  { name: 'sigmoid far out', f: tf.sigmoid, x: [vector(-100, 100, -30, 30)], gradients: false },
  { name: 'softplus far out', f: tf.softplus, x: [vector(-100, 100, 1000)], gradients: false },
  { name: 'isNaN', f: (x) => tf.isNaN(tf.log(x)), x: [numbers([9])], gradients: false },
  { name: 'isInf', f: (x) => tf.isInf(tf.div(1, tf.relu(x))), x: [numbers([9])], gradients: false },
  { name: 'isFinite', f: (x) => tf.isFinite(tf.div(x, tf.relu(x))), x: [numbers([9])], gradients: false },
];

const lost = vector(NaN, -1, 0, 2, NaN);

/** A NaN must not be lost on its way to the loss: training stops at it. */
const PASSED_ON: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor>> = {
  abs: tf.abs,
  add: (x) => tf.add(x, 1),
  avgPool: (x) => tf.avgPool(tf.reshape<tf.Rank.R4>(x, [1, 1, 5, 1]), [1, 2], 1, 'valid'),
  ceil: tf.ceil,
  clipByValue: (x) => tf.clipByValue(x, -0.5, 1),
  elu: tf.elu,
  erf: tf.erf,
  leakyRelu: (x) => tf.leakyRelu(x, 0.1),
  max: tf.max,
  maximum: (x) => tf.maximum(x, 0),
  min: tf.min,
  minimum: (x) => tf.minimum(x, 0),
  mul: (x) => tf.mul(x, 0),
  prelu: (x) => tf.prelu(x, tf.scalar(0.1)),
  relu: tf.relu,
  relu6: tf.relu6,
  round: tf.round,
  selu: tf.selu,
  sigmoid: tf.sigmoid,
  softmax: tf.softmax,
  softplus: tf.softplus,
  sqrt: tf.sqrt,
  step: (x) => tf.step(x, 0.5),
  tanh: tf.tanh,
};

export const notANumberCases: readonly NumericCase[] = Object.entries(PASSED_ON).map(([name, f]) => ({
  name: `${name} passes NaN on`,
  f,
  x: [lost],
  gradients: false,
}));
