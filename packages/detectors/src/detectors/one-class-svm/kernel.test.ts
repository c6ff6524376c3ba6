import { createRandom, float32, prepareTf, toNdArray, toTensor } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { type Kernel, kernelMatrix, kernelSums } from './kernel.js';

beforeAll(prepareTf);

const a = [1, -2, 0.5];
const b = [0.25, 1, 3];
/** a·b = -0.25; |a - b|² = 0.5625 + 9 + 6.25. */
const expected: [Kernel, number][] = [
  [{ kind: 'rbf', gamma: 0.1, degree: 3, coef0: 0 }, Math.exp(-0.1 * 15.8125)],
  [{ kind: 'linear', gamma: 0.1, degree: 3, coef0: 0 }, -0.25],
  [{ kind: 'polynomial', gamma: 2, degree: 1, coef0: 0.25 }, -0.25],
  [{ kind: 'polynomial', gamma: 2, degree: 2, coef0: 0.25 }, 0.0625],
  [{ kind: 'polynomial', gamma: 2, degree: 5, coef0: -1 }, -(1.5 ** 5)],
  [{ kind: 'sigmoid', gamma: 2, degree: 3, coef0: 1 }, Math.tanh(0.5)],
];

describe('a kernel', () => {
  it.each(expected)('%o is what its formula says', (kernel, value) => {
    const [x, y] = [toTensor(float32([1, 3], a)), toTensor(float32([1, 3], b))];
    expect(toNdArray(tf.tidy(() => kernelMatrix(kernel, x, y))).data[0]).toBeCloseTo(value, 5);
  });

  it('of gaussian type is never above 1, though rounding of long rows would make it so', () => {
    const x = toTensor(float32([2, 2], [1e7, 3e6, 1e7, 3e6]));
    const kernel: Kernel = { kind: 'rbf', gamma: 10, degree: 3, coef0: 0 };
    expect(Math.max(...toNdArray(tf.tidy(() => kernelMatrix(kernel, x, x))).data)).toBeLessThanOrEqual(1);
  });

  it.each(expected)('%o summed in blocks equals the matrix times the weights', (kernel) => {
    const random = createRandom(3);
    const draw = (shape: number[]) => {
      const array = float32(shape);
      return toTensor({ ...array, data: array.data.map(() => random.normal()) });
    };
    const [x, y, weights] = [draw([4, 3]), draw([1500, 3]), draw([1500])];
    const sums = toNdArray(tf.tidy(() => kernelSums(kernel, x, y, weights))).data;
    const whole = toNdArray(tf.tidy(() => tf.matMul(kernelMatrix(kernel, x, y), tf.reshape(weights, [-1, 1])))).data;
    // Another order of 1500 float32 additions.
    const scale = Math.max(...[...whole].map(Math.abs));
    whole.forEach((value, i) => expect(Math.abs(sums[i]! - value) / scale).toBeLessThan(1e-4));
  });
});
