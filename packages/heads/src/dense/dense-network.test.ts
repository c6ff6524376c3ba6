import { readFileSync } from 'node:fs';

import { createRandom, inferenceMode, prepareTf, toTensor, type Mode, type Network } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { ACTIVATIONS } from './activations.js';
import { denseNetwork } from './dense-network.js';

// tools/fixtures/make_training.py: PyTorch in double precision.
const reference = JSON.parse(readFileSync(new URL('./fixtures/activations.json', import.meta.url), 'utf8')) as {
  readonly x: readonly number[];
  readonly values: Readonly<Record<string, readonly number[]>>;
};

const spec = {
  features: 400,
  hidden: [300, 20],
  activation: 'relu',
  dropout: 0.5,
  initializer: 'glorot-uniform',
  outputBias: [0.25, -1],
} as const;

const shapes = (network: Network) =>
  Object.fromEntries(Object.entries(network.init(createRandom(1))).map(([name, { value }]) => [name, value.shape]));

/** The largest of the values' sizes, and their standard deviation about 0. */
function spread(values: ArrayLike<number>) {
  const list = Array.from(values);
  const square = list.reduce((sum, value) => sum + value * value, 0) / list.length;
  return { limit: Math.max(...list.map(Math.abs)), deviation: Math.sqrt(square) };
}

beforeAll(prepareTf);

describe('activations', () => {
  it.each(Object.entries(ACTIVATIONS))('%s has the values of PyTorch', (name, activation) => {
    const values = activation(tf.tensor1d([...reference.x])).dataSync();
    // tfjs' erf is a rational approximation, good to 1.5e-7; times x.
    reference.values[name]?.forEach((expected, i) => expect(values[i]).toBeCloseTo(expected, 5));
  });
});

describe('denseNetwork', () => {
  it('has a kernel and a bias for each layer', () => {
    expect(shapes(denseNetwork({ ...spec, features: 4, hidden: [3, 2] }))).toEqual({
      'dense_1/kernel': [4, 3],
      'dense_1/bias': [3],
      'dense_2/kernel': [3, 2],
      'dense_2/bias': [2],
      'output/kernel': [2, 2],
      'output/bias': [2],
    });
    expect(shapes(denseNetwork({ ...spec, features: 4, hidden: [] }))).toEqual({
      'output/kernel': [4, 2],
      'output/bias': [2],
    });
  });

  it.each([
    ['glorot-uniform', Math.sqrt(6 / 700)],
    ['he-uniform', Math.sqrt(6 / 400)],
  ] as const)('begins %s as Keras does', (initializer, limit) => {
    const weights = denseNetwork({ ...spec, initializer }).init(createRandom(1));
    const kernel = spread(weights['dense_1/kernel']?.value.data ?? []);
    expect(kernel.limit).toBeLessThanOrEqual(Math.fround(limit));
    // Of 120 000 draws the largest comes within 0.1 %; the deviation's standard error is 0.13 %: five of them.
    expect(kernel.limit / limit).toBeGreaterThan(0.999);
    expect(Math.abs(kernel.deviation / (limit / Math.sqrt(3)) - 1)).toBeLessThan(0.0065);
    expect(spread(weights['output/kernel']?.value.data ?? []).limit).toBeLessThanOrEqual(Math.sqrt(6 / 22));
    expect(spread(weights['dense_1/bias']?.value.data ?? []).limit).toBe(0);
    expect(Array.from(weights['output/bias']?.value.data ?? [])).toEqual([0.25, -1]);
  });

  it('begins a layer the same whatever the width of another', () => {
    const one = denseNetwork(spec).init(createRandom(1));
    const other = denseNetwork({ ...spec, hidden: [300, 20, 7] }).init(createRandom(1));
    expect(other['dense_2/kernel']).toEqual(one['dense_2/kernel']);
  });

  it('gives a layer its name, and one without a name that of its place', () => {
    const hidden = [3, { units: 2, name: 'relevant' }, { units: 5 }];
    expect(shapes(denseNetwork({ ...spec, features: 4, hidden }))).toEqual({
      'dense_1/kernel': [4, 3],
      'dense_1/bias': [3],
      'relevant/kernel': [3, 2],
      'relevant/bias': [2],
      'dense_3/kernel': [2, 5],
      'dense_3/bias': [5],
      'output/kernel': [5, 2],
      'output/bias': [2],
    });
  });

  it("computes a layer with its own activation and dropout in place of the head's", () => {
    const dropped: number[] = [];
    const mode: Mode = { ...inferenceMode, dropout: (x, rate) => (dropped.push(rate), x) };
    const weights = {
      'relevant/kernel': tf.tensor2d([[-1], [0]]),
      'relevant/bias': tf.tensor1d([0]),
      'output/kernel': tf.tensor2d([[1]]),
      'output/bias': tf.tensor1d([0]),
    };
    const hidden = [{ units: 1, activation: 'elu', dropout: 0.1, name: 'relevant' } as const];
    const network = denseNetwork({ ...spec, features: 2, hidden, outputBias: [0] });
    const [logit] = network.forward(weights, tf.tensor2d([[1, 2]]), mode).dataSync();
    // elu(-1) = e^-1 - 1, where relu gives 0.
    expect(logit).toBeCloseTo(Math.exp(-1) - 1, 6);
    expect(dropped).toEqual([0.1, 0.5]);
  });

  it('computes what its formula says, with dropout before each dense layer', () => {
    const dropped: number[] = [];
    const mode: Mode = {
      training: true,
      update: () => undefined,
      dropout(x, rate) {
        dropped.push(rate);
        return tf.mul(x, 2);
      },
    };
    const weights = {
      'dense_1/kernel': tf.tensor2d([1, -1, 2, 0.5], [2, 2]),
      'dense_1/bias': tf.tensor1d([0.5, 0]),
      'output/kernel': tf.tensor2d([3, -2], [2, 1]),
      'output/bias': tf.tensor1d([10]),
    };
    const network = denseNetwork({ ...spec, features: 2, hidden: [2], outputBias: [0] });
    // x * 2 = [2, 4]; hidden relu([2 + 8 + .5, -2 + 2]) = [10.5, 0]; * 2 = [21, 0]; 3 * 21 + 10.
    const logits = network.forward(
      weights,
      toTensor({ dtype: 'float32', shape: [1, 2], data: Float32Array.of(1, 2) }),
      mode,
    );
    expect(logits.arraySync()).toEqual([[73]]);
    expect(dropped).toEqual([0.5, 0.5]);
  });
});
