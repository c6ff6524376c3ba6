import * as tf from '@tensorflow/tfjs-core';

import { numbers, wholes, type NumericCase } from '../numeric-case.js';

/** Every combination of transposes. */
const TRANSPOSES = [false, true].flatMap((a) => [false, true].map((b) => [a, b] as const));

export const productCases: readonly NumericCase[] = [
  ...TRANSPOSES.flatMap(([a, b]): NumericCase[] => {
    const [left, right] = [a ? [5, 3] : [3, 5], b ? [4, 5] : [5, 4]];
    const name = `${a ? 'transposed ' : ''}times ${b ? 'transposed' : 'plain'}`;
    const f: NumericCase['f'] = (x, y) => tf.matMul(x, y, a, b);
    return [
      { name: `matMul ${name}`, f, x: [numbers(left, 1), numbers(right, 2)] },
      { name: `matMul ${name} in batches`, f, x: [numbers([2, ...left], 1), numbers([2, ...right], 2)] },
      {
        name: `matMul ${name}, batches that broadcast`,
        f,
        // tfjs' CPU backend repeats the batches in turn: on several axes at once it is not broadcasting.
        reference: (x, y) => f(tf.broadcastTo(x, [2, 3, ...left]), tf.broadcastTo(y, [2, 3, ...right])),
        x: [numbers([2, 1, ...left], 1), numbers([3, ...right], 2)],
        // tfjs' gradient does not sum over the batches that broadcast.
        gradients: false,
      },
      { name: `matMul ${name} of int32`, f, x: [wholes(left, 1), wholes(right, 2)] },
    ];
  }),
  { name: 'matMul of a row and a column', f: (a, b) => tf.matMul(a, b), x: [numbers([1, 7], 1), numbers([7, 1], 2)] },
  { name: 'dot', f: (a, b) => tf.dot(a, b), x: [numbers([5], 1), numbers([5], 2)] },
  { name: 'dot of a matrix and a vector', f: (a, b) => tf.dot(a, b), x: [numbers([3, 5], 1), numbers([5], 2)] },
  {
    name: 'outerProduct',
    f: (a, b) => tf.outerProduct(a as tf.Tensor1D, b as tf.Tensor1D),
    x: [numbers([5], 1), numbers([4], 2)],
  },
  ...(['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const).map((activation): NumericCase => ({
    name: `fused matMul with bias and ${activation}`,
    f: (a, b, bias) => tf.fused.matMul({ a, b, bias, activation, leakyreluAlpha: 0.3 }),
    x: [numbers([3, 5], 1), numbers([5, 4], 2), numbers([4], 3)],
    // tfjs has no gradient of these two when they are fused.
    gradients: activation !== 'leakyrelu' && activation !== 'sigmoid',
  })),
  {
    name: 'fused matMul with prelu',
    f: (a, b, alpha) => tf.fused.matMul({ a, b, activation: 'prelu', preluActivationWeights: alpha }),
    x: [numbers([3, 5], 1), numbers([5, 4], 2), numbers([4], 3)],
    gradients: false,
  },
  {
    name: 'fused matMul in batches with bias',
    f: (a, b, bias) => tf.fused.matMul({ a, b, bias, transposeB: true, activation: 'relu' }),
    x: [numbers([2, 3, 5], 1), numbers([2, 4, 5], 2), numbers([4], 3)],
    gradients: false,
  },
  ...(
    [
      ['bij,jk->bik', [2, 3, 4], [4, 5]],
      ['ij,ij->', [3, 4], [3, 4]],
      ['ij,kj->ik', [3, 4], [5, 4]],
      ['bhqd,bhkd->bhqk', [2, 2, 3, 4], [2, 2, 5, 4]],
    ] as const
  ).map(([equation, a, b]): NumericCase => ({
    name: `einsum ${equation}`,
    f: (x, y) => tf.einsum(equation, x, y),
    x: [numbers(a, 1), numbers(b, 2)],
    gradients: false,
  })),
  { name: 'einsum ij->ji', f: (x) => tf.einsum('ij->ji', x), x: [numbers([3, 4])], gradients: false },
];
