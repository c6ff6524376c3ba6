import * as tf from '@tensorflow/tfjs-core';

import { flags, numbers, ties, wholes, type NumericCase } from '../numeric-case.js';

type Unary = (x: tf.Tensor) => tf.Tensor;

const some = numbers([3, 5]);
const positive = numbers([3, 5], 2, 0.1, 3);
const within = numbers([3, 5], 3, -0.9, 0.9);
const tiny = { ...some, data: some.data.map((value) => value * 1e-5) };

const FUNCTIONS: Readonly<Record<string, readonly [Unary, ...NumericCase['x']]>> = {
  abs: [tf.abs, some, wholes([4]), ties([7])],
  acos: [tf.acos, within],
  acosh: [tf.acosh, numbers([3, 5], 4, 1.1, 3)],
  asin: [tf.asin, within],
  asinh: [tf.asinh, some],
  atan: [tf.atan, some],
  atanh: [tf.atanh, within],
  ceil: [tf.ceil, some],
  clipByValue: [(x) => tf.clipByValue(x, -0.5, 1), some, wholes([6])],
  cos: [tf.cos, some],
  cosh: [tf.cosh, some],
  elu: [tf.elu, some],
  erf: [tf.erf, some],
  exp: [tf.exp, some],
  expm1: [tf.expm1, some, tiny],
  floor: [tf.floor, some],
  leakyRelu: [(x) => tf.leakyRelu(x, 0.1), some],
  log: [tf.log, positive],
  log1p: [tf.log1p, positive, tiny],
  logSigmoid: [tf.logSigmoid, some],
  neg: [tf.neg, some, wholes([4])],
  reciprocal: [tf.reciprocal, positive],
  relu: [tf.relu, some, wholes([4]), ties([9])],
  relu6: [tf.relu6, numbers([3, 5], 5, -3, 9)],
  round: [tf.round, some, { ...some, data: some.data.map((value) => Math.round(value) + 0.5) }],
  rsqrt: [tf.rsqrt, positive],
  selu: [tf.selu, some],
  sigmoid: [tf.sigmoid, some],
  sign: [tf.sign, some, ties([7])],
  sin: [tf.sin, some],
  sinh: [tf.sinh, some],
  softplus: [tf.softplus, some, numbers([6], 1, -40, 40)],
  sqrt: [tf.sqrt, positive],
  square: [tf.square, some, wholes([5])],
  step: [(x) => tf.step(x, -0.25), some, ties([9])],
  tan: [tf.tan, within],
  tanh: [tf.tanh, some],

  // What tfjs-layers calls activations.
  'gelu, exact': [(x) => tf.mul(tf.mul(x, 0.5), tf.add(1, tf.erf(tf.div(x, Math.SQRT2)))), some],
  'gelu, by tanh': [
    (x) =>
      tf.mul(
        tf.mul(x, 0.5),
        tf.add(1, tf.tanh(tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.pow(x, 3)))))),
      ),
    some,
  ],
  swish: [(x) => tf.mul(x, tf.sigmoid(x)), some],
  mish: [(x) => tf.mul(x, tf.tanh(tf.softplus(x))), some],
  softsign: [(x) => tf.div(x, tf.add(1, tf.abs(x))), some],
  'hard sigmoid': [(x) => tf.clipByValue(tf.add(0.5, tf.mul(0.2, x)), 0, 1), numbers([12], 1, -4, 4)],
};

/** Transcendental functions are approximated to a few units in the last place by both sides. */
const APPROXIMATE = 4e-6;

export const unaryCases: readonly NumericCase[] = [
  ...Object.entries(FUNCTIONS).flatMap(([name, [f, ...arrays]]) =>
    arrays.map((x, i): NumericCase => ({
      name: `${name} of ${x.dtype}${i > 0 && x.dtype === 'float32' ? ', other values' : ''}`,
      f,
      x: [x],
      tolerance: APPROXIMATE,
    })),
  ),
  { name: 'logicalNot', f: (x) => tf.logicalNot(x), x: [flags([4, 3])] },
  { name: 'relu of a scalar', f: tf.relu, x: [numbers([])] },
  { name: 'exp of nothing', f: tf.exp, x: [numbers([0, 3])], gradients: false },
];
