import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, it } from 'vitest';

import { expectEqualToEager, flags, numbers, wholes, type Case } from '../../test/support.js';
import { createOnnxEngine } from '../engine.js';

const engine = createOnnxEngine({ workers: 1 });
afterAll(() => engine.dispose());

type Unary = (x: tf.Tensor) => tf.Tensor;
const some = numbers([3, 5]);
const positive = numbers([3, 5], 2, 0.1, 3);
const within = numbers([3, 5], 3, -0.9, 0.9);
const tiny = { ...some, data: some.data.map((value) => value * 1e-5) };

const unary: Record<string, [Unary, ...Case['x'][]]> = {
  abs: [tf.abs, [some], [wholes([4])]],
  acos: [tf.acos, [within]],
  acosh: [tf.acosh, [numbers([3, 5], 4, 1.1, 3)]],
  asin: [tf.asin, [within]],
  asinh: [tf.asinh, [some]],
  atan: [tf.atan, [some]],
  atanh: [tf.atanh, [within]],
  ceil: [tf.ceil, [some]],
  clipByValue: [(x) => tf.clipByValue(x, -0.5, 1), [some], [wholes([6])]],
  cos: [tf.cos, [some]],
  cosh: [tf.cosh, [some]],
  elu: [tf.elu, [some]],
  erf: [tf.erf, [some]],
  exp: [tf.exp, [some]],
  expm1: [tf.expm1, [some], [tiny]],
  floor: [tf.floor, [some]],
  leakyRelu: [(x) => tf.leakyRelu(x, 0.1), [some]],
  log: [tf.log, [positive]],
  log1p: [tf.log1p, [positive], [tiny]],
  logSigmoid: [tf.logSigmoid, [some]],
  neg: [tf.neg, [some], [wholes([4])]],
  reciprocal: [tf.reciprocal, [positive]],
  relu: [tf.relu, [some], [wholes([4])]],
  relu6: [tf.relu6, [numbers([3, 5], 5, -3, 9)]],
  round: [tf.round, [some]],
  rsqrt: [tf.rsqrt, [positive]],
  selu: [tf.selu, [some]],
  sigmoid: [tf.sigmoid, [some]],
  sign: [tf.sign, [some]],
  sin: [tf.sin, [some]],
  sinh: [tf.sinh, [some]],
  softplus: [tf.softplus, [some]],
  sqrt: [tf.sqrt, [positive]],
  square: [tf.square, [some]],
  step: [(x) => tf.step(x, -0.25), [some]],
  tan: [tf.tan, [within]],
  tanh: [tf.tanh, [some]],
};

/** tfjs gives these gradients of their own that are all zeros, or none. */
const withoutGradient = new Set(['erf']);

describe.each(Object.entries(unary))('%s', (name, [f, ...inputs]) => {
  it.each(inputs.map((x) => [`${x[0]?.dtype} [${x[0]?.shape.join(', ')}]`, x] as const))('of %s', async (_, x) => {
    const gradients = withoutGradient.has(name) ? false : undefined;
    // Transcendental functions are approximated to a few units in the last place by both sides.
    await expectEqualToEager(engine, { name, f, x, gradients, tolerance: 4e-6 });
  });
});

const shapes: [string, number[], number[]][] = [
  ['equal shapes', [2, 3, 4], [2, 3, 4]],
  ['a vector', [2, 3, 4], [4]],
  ['a scalar', [2, 3], []],
  ['each other', [3, 1, 2], [4, 1]],
  ['rank 4 with channels', [2, 3, 4, 5], [5]],
  ['an inner axis', [2, 3, 4], [2, 1, 4]],
];
const binary: Record<string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor> = {
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  div: tf.div,
  maximum: tf.maximum,
  minimum: tf.minimum,
  squaredDifference: tf.squaredDifference,
  mod: tf.mod,
  'pow of positives': (a, b) => tf.pow(tf.add(tf.abs(a), 0.5), b),
  prelu: (a, b) => tf.prelu(a, tf.broadcastTo(b, tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape))),
};
const logical: Record<string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor> = {
  equal: tf.equal,
  notEqual: tf.notEqual,
  greater: tf.greater,
  greaterEqual: tf.greaterEqual,
  less: tf.less,
  lessEqual: tf.lessEqual,
};

/** tfjs' gradients of these do not sum over the axes that broadcast, and refuse. */
const equalShapesOnly = new Set(['maximum', 'minimum', 'squaredDifference', 'prelu']);

describe.each(Object.entries(binary))('%s', (name, f) => {
  it.each(shapes)('broadcasts to %s', async (_, a, b) => {
    const gradients = equalShapesOnly.has(name) && a.join() !== b.join() ? false : undefined;
    await expectEqualToEager(engine, { name, f, x: [numbers(a, 1), numbers(b, 2)], gradients, tolerance: 4e-6 });
  });
});

describe.each(Object.entries(logical))('%s', (name, f) => {
  it.each(shapes)('broadcasts to %s, with ties', async (_, a, b) => {
    await expectEqualToEager(engine, { name, f, x: [wholes(a, 1), wholes(b, 2)] });
    await expectEqualToEager(engine, {
      name,
      f: (p, q) => f(tf.cast(p, 'float32'), tf.cast(q, 'float32')),
      x: [wholes(a, 1), wholes(b, 2)],
      gradients: false,
    });
  });
});

const cases: Case[] = [
  { name: 'int32 add', f: tf.add, x: [wholes([2, 3], 1), wholes([3], 2)] },
  { name: 'int32 mul', f: tf.mul, x: [wholes([2, 3], 1), wholes([3], 2)] },
  { name: 'int32 maximum', f: tf.maximum, x: [wholes([2, 3], 1), wholes([3], 2)] },
  { name: 'int32 floorDiv of negatives', f: tf.floorDiv, x: [wholes([20], 1, -9, 9), wholes([20], 2, 1, 4)] },
  { name: 'int32 mod of negatives', f: tf.mod, x: [wholes([20], 1, -9, 9), wholes([20], 2, 1, 4)] },
  { name: 'logicalAnd', f: tf.logicalAnd, x: [flags([4, 3], 1), flags([4, 3], 2)] },
  { name: 'logicalOr', f: tf.logicalOr, x: [flags([4, 3], 1), flags([3], 2)] },
  { name: 'logicalXor', f: tf.logicalXor, x: [flags([4, 3], 1), flags([4, 3], 2)] },
  { name: 'logicalNot', f: (x) => tf.logicalNot(x), x: [flags([4, 3])] },
  { name: 'where', f: (c, a, b) => tf.where(c, a, b), x: [flags([3, 4]), numbers([3, 4], 1), numbers([3, 4], 2)] },
  { name: 'where broadcasts', f: (c, a) => tf.where(c, a, tf.scalar(0)), x: [flags([4]), numbers([3, 4], 1)] },
  {
    name: 'where has a gradient',
    f: (a, b) => tf.where(tf.tensor([true, false, true], [3, 1]), a, tf.mul(b, 2)),
    x: [numbers([3, 4], 1), numbers([3, 4], 2)],
  },
  { name: 'isNaN', f: (x) => tf.isNaN(tf.log(x)), x: [numbers([9])], gradients: false },
  { name: 'isInf', f: (x) => tf.isInf(tf.div(1, tf.relu(x))), x: [numbers([9])], gradients: false },
  { name: 'isFinite', f: (x) => tf.isFinite(tf.div(x, tf.relu(x))), x: [numbers([9])], gradients: false },
  { name: 'addN', f: (a, b, c) => tf.addN([a, b, c]), x: [numbers([2, 3], 1), numbers([2, 3], 2), numbers([2, 3], 3)] },
  { name: 'relu at 0', f: tf.relu, x: [{ dtype: 'float32', shape: [3], data: Float32Array.of(-1, 0, 1) }] },
  {
    name: 'log1p far out',
    f: tf.log1p,
    x: [{ dtype: 'float32', shape: [3], data: Float32Array.of(Infinity, 3e38, -1) }],
    gradients: false,
  },
  {
    name: 'expm1 far out',
    f: tf.expm1,
    x: [{ dtype: 'float32', shape: [3], data: Float32Array.of(-200, 200, -0) }],
    gradients: false,
  },
  { name: 'cast to int32 truncates', f: (x) => tf.cast(x, 'int32'), x: [numbers([20], 1, -5, 5)], gradients: false },
  { name: 'cast to bool', f: (x) => tf.cast(x, 'bool'), x: [wholes([20], 1, -1, 2)] },
  { name: 'cast of bool', f: (x) => tf.cast(x, 'float32'), x: [flags([20])] },
  {
    name: 'uint8 input is int32',
    f: (x) => tf.cast(tf.add(x, tf.scalar(300, 'int32')), 'float32'),
    x: [{ dtype: 'uint8', shape: [3], data: Uint8Array.of(0, 128, 255) }],
  },
];

describe('types and corners', () => {
  it.each(cases)('$name', (test) => expectEqualToEager(engine, test));
});
