import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { prepareTf } from '../tensor/tf-runtime.js';

import { createTrainingMode, inferenceMode } from './mode.js';

beforeAll(prepareTf);
const ones = () => tf.ones([100, 100]);
const mode = (seed: number) => createTrainingMode(tf.scalar(seed, 'int32'));

describe('dropout', () => {
  it.each([0.1, 0.5, 0.9])('sets a share of %f to zero and scales the rest, so that the mean stays', (rate) => {
    const values = mode(1).dropout(ones(), rate).dataSync();
    const zeros = values.filter((value) => value === 0).length / values.length;
    // The standard error of a share of 10 000 draws is at most .005: five of them.
    expect(Math.abs(zeros - rate)).toBeLessThan(0.025);
    expect(new Set(values)).toEqual(new Set([0, Math.fround(1 / (1 - rate))]));
  });

  it('draws another mask for every call and every seed, and the same one again for the same seed', () => {
    const { dropout } = mode(1);
    const first = dropout(ones(), 0.5).dataSync();
    expect(dropout(ones(), 0.5).dataSync()).not.toEqual(first);
    expect(mode(2).dropout(ones(), 0.5).dataSync()).not.toEqual(first);
    expect(mode(1).dropout(ones(), 0.5).dataSync()).toEqual(first);
  });

  it('is the identity at rate 0 and in prediction', () => {
    const x = ones();
    expect(mode(1).dropout(x, 0)).toBe(x);
    expect(inferenceMode.dropout(x, 0.5)).toBe(x);
  });

  it.each([1, -0.1, NaN])('refuses the rate %f', (rate) => {
    expect(() => mode(1).dropout(ones(), rate)).toThrow("The 'rate' of dropout must be in the range [0, 1).");
  });
});
