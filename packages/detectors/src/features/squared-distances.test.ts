import { float32, prepareTf, toNdArray, toTensor } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { squaredDistances } from './squared-distances.js';

beforeAll(prepareTf);

describe('squared distances', () => {
  it('are those between all pairs of rows', () => {
    const x = toTensor(float32([2, 2], [0, 0, 3, 4]));
    const y = toTensor(float32([3, 2], [0, 0, 3, 0, -3, -4]));
    const { shape, data } = toNdArray(tf.tidy(() => squaredDistances(x, y)));
    expect([shape, [...data]]).toEqual([
      [2, 3],
      [0, 9, 25, 25, 16, 100],
    ]);
  });

  it('are never negative, though rounding may make them so', () => {
    const rows = Array.from({ length: 64 }, (_, i) => 1000 + Math.sin(i) / 3);
    const x = toTensor(float32([8, 8], rows));
    expect(Math.min(...toNdArray(tf.tidy(() => squaredDistances(x, x))).data)).toBe(0);
  });
});
