import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { float32, int32, uint8, type NdArray } from './nd-array.js';
import { prepareTfGradients, toNdArray, toTensor } from './tf-runtime.js';

beforeAll(prepareTfGradients);

describe('prepareTf', () => {
  it('gives gradients on the plain JavaScript backend', () => {
    expect(tf.getBackend()).toBe('cpu');
    const square = tf.grad((x: tf.Tensor) => tf.sum(tf.mul(x, x)));
    expect(Array.from(square(tf.tensor1d([1, -3])).dataSync())).toEqual([2, -6]);
  });
});

describe('toTensor and toNdArray', () => {
  const bool: NdArray<'bool'> = { dtype: 'bool', shape: [2], data: Uint8Array.of(1, 0) };

  it.each([float32([2, 2], [1, -2.5, 3, NaN]), int32([3], [1, 2 ** 31 - 1, -5]), bool, float32([0, 4])])(
    'give $dtype $shape back unchanged',
    (array) => {
      expect(toNdArray(toTensor(array))).toEqual(array);
    },
  );

  it('turns uint8 into int32, as programs see images', () => {
    expect(toNdArray(toTensor(uint8([2], [0, 255])))).toEqual(int32([2], [0, 255]));
  });

  it('copies: the array does not change with the tensor', () => {
    const values = Float32Array.of(1, 2);
    const copy = toNdArray(tf.tensor(values));
    values[0] = 9;
    expect(copy.data[0]).toBe(1);
  });

  it('refuses tensors that have no array type', () => {
    expect(() => toNdArray(tf.tensor(['a']))).toThrow('must be float32, int32 or bool. Got string of shape [1].');
  });
});
