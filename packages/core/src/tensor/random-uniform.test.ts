import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { RANDOM_UNIFORM, randomUniform, registerRandomUniform, uniformValues } from './random-uniform.js';
import { prepareTf } from './tf-runtime.js';

const SIZE = 100_000;
const draw = (seed: number, stream: number, size = SIZE) => uniformValues(size, seed, stream);
const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

/** Pearson's correlation. */
function correlation(a: Float32Array, b: Float32Array): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  a.forEach((value, i) => {
    const [da, db] = [value - meanA, (b[i] ?? 0) - meanB];
    ab += da * db;
    aa += da * da;
    bb += db * db;
  });
  return ab / Math.sqrt(aa * bb);
}

describe('uniformValues', () => {
  it('fills [0, 1) evenly', () => {
    const bins = new Array<number>(100).fill(0);
    for (const value of draw(1, 0)) bins[Math.floor(value * 100)]!++;
    const expected = SIZE / 100;
    const chiSquare = bins.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 99 degrees of freedom: mean 99, standard deviation 14; five of them either way.
    expect(chiSquare).toBeGreaterThan(29);
    expect(chiSquare).toBeLessThan(169);
  });

  // The standard error of a correlation of 100 000 pairs is .0032: five of them.
  const UNRELATED = 0.016;
  it.each([
    ['another seed', 2, 0],
    ['a far seed', -2_000_000_000, 0],
    ['another stream', 1, 1],
    ['a far stream', 1, 1000],
  ])('is not correlated with %s', (_, seed, stream) => {
    expect(Math.abs(correlation(draw(1, 0), draw(seed, stream)))).toBeLessThan(UNRELATED);
  });

  it.each([1, 2, 64, 512])('has no correlation at lag %i', (lag) => {
    const values = draw(5, 3, SIZE + lag);
    expect(Math.abs(correlation(values.subarray(0, SIZE), values.subarray(lag)))).toBeLessThan(UNRELATED);
  });

  it('equals the published hash: values of the formula computed with big integers', () => {
    const mod = 1n << 32n;
    const mix = (value: bigint) => {
      let x = value;
      x = ((x ^ (x >> 16n)) * 0x7feb352dn) % mod;
      x = ((x ^ (x >> 15n)) * 0x846ca68bn) % mod;
      return x ^ (x >> 16n);
    };
    for (const [seed, stream] of [
      [0, 0],
      [123456789, 7],
      [2 ** 31 - 1, 100_000],
      [-1, 3],
    ] as const) {
      const key = mix((BigInt(seed) + mod + BigInt(stream) * 0x9e3779b9n) % mod);
      // 50 numbers are the halves of 25 hashes: the lower ones first.
      const hashes = Array.from({ length: 25 }, (_, i) => mix((BigInt(i) * 0x9e3779b1n + key) % mod));
      const halves = [...hashes.map((hash) => hash & 0xffffn), ...hashes.map((hash) => hash >> 16n)];
      const expected = halves.map((half) => Number(half) / 2 ** 16);
      expect(Array.from(draw(seed, stream, 50))).toEqual(expected);
    }
  });
});

describe('randomUniform', () => {
  beforeAll(prepareTf);

  it('is a tfjs op of the given shape', () => {
    const tensor = randomUniform([3, 4], tf.scalar(9, 'int32'), 2);
    expect(tensor.shape).toEqual([3, 4]);
    expect(tensor.dtype).toBe('float32');
    expect(tensor.dataSync()).toEqual(uniformValues(12, 9, 2));
  });

  it('gives a scalar for an empty shape', () => {
    expect(randomUniform([], tf.scalar(9, 'int32'), 0).dataSync()).toHaveLength(1);
  });

  it('may be registered again', () => {
    const before = tf.getKernel(RANDOM_UNIFORM, 'cpu');
    registerRandomUniform('cpu');
    expect(tf.getKernel(RANDOM_UNIFORM, 'cpu')).toBe(before);
  });
});
