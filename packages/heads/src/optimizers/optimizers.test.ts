import { readFileSync } from 'node:fs';

import { prepareTf, type Optimizer } from '@kindred/core';
import { optimizerChecks } from '@kindred/core/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { adam } from './adam.js';
import { adamw } from './adamw.js';
import { sgd } from './sgd.js';

interface Trajectory {
  readonly options: object;
  readonly start: readonly number[];
  readonly gradients: readonly (readonly number[])[];
  readonly weights: readonly (readonly number[])[];
}

// tools/fixtures/make_training.py: twenty steps of PyTorch's optimizers in double precision.
const reference = JSON.parse(readFileSync(new URL('./fixtures/optimizers.json', import.meta.url), 'utf8')) as {
  readonly optimizers: Readonly<Record<string, readonly Trajectory[]>>;
};

/** The weight after each step, given the gradients. */
function walk(optimizer: Optimizer, { options, start, gradients }: Trajectory): Float32Array[] {
  const model = optimizer.create(optimizer.options.parse(options));
  let weight: tf.Tensor = tf.tensor1d([...start]);
  let slots: Readonly<Record<string, tf.Tensor>> = Object.fromEntries(
    model.slots.map((slot) => [slot, tf.zerosLike(weight)]),
  );
  return gradients.map((values, i) => {
    const gradient = tf.tensor1d([...values]);
    const scalars = { step: tf.scalar(i + 1), learningRate: tf.scalar(model.learningRate) };
    ({ weight, slots } = model.update({ weight, gradient, slots, ...scalars }));
    return weight.dataSync() as Float32Array;
  });
}

beforeAll(prepareTf);

describe.each([sgd, adam, adamw] as Optimizer[])('$name', (optimizer) => {
  const cases = reference.optimizers[optimizer.name] ?? [];

  it.each(cases.map((item) => [item.options, item] as const))('with %j walks as in PyTorch', (_, item) => {
    walk(optimizer, item).forEach((weights, step) => {
      item.weights[step]?.forEach((expected, i) => {
        // Twenty steps of single precision on weights up to 3: a rounding error of 2e-7 in each.
        expect(Math.abs((weights[i] ?? NaN) - expected), `step ${step + 1}`).toBeLessThan(4e-6);
      });
    });
  });

  it.each(optimizerChecks)('$name', async ({ run }) => {
    await run(optimizer);
  });
});

describe('adam', () => {
  /** A gradient that differs in each step, over eight orders of magnitude. */
  const gradientAt = (step: number) =>
    tf.tidy(() => tf.mul(tf.sin(tf.mul(tf.range(1, 9), step + 0.5)), tf.pow(10, tf.range(-6, 2))));

  it.each([{}, { learningRate: 0.01, beta1: 0.5, beta2: 0.9, epsilon: 1e-3 }, { beta1: 0 }])(
    'with %j walks for fifty steps as in tfjs',
    (given) => {
      const { learningRate, beta1, beta2, epsilon } = adam.options.parse(given);
      const start = tf.linspace(-2, 2, 8);
      const theirs = tf.variable(start);
      const reference = tf.train.adam(learningRate, beta1, beta2, epsilon);
      const gradients = Array.from({ length: 50 }, (_, step) => gradientAt(step));
      for (const gradient of gradients) reference.applyGradients([{ name: theirs.name, tensor: gradient }]);
      const walked = walk(adam, {
        options: given,
        start: [...start.dataSync()],
        gradients: gradients.map((gradient) => [...gradient.dataSync()]),
        weights: [],
      });
      const expected = theirs.dataSync();
      // Each step rounds weights up to 2 to 1.2e-7, on both sides; tfjs' powers of beta lose another digit.
      walked.at(-1)?.forEach((value, i) => expect(Math.abs(value - (expected[i] ?? NaN))).toBeLessThan(1e-5));
    },
  );
});

describe('sgd', () => {
  it.each(optimizerChecks)('with momentum: $name', async ({ run }) => {
    await run(sgd, { momentum: 0.9, nesterov: true, weightDecay: 0.01, decay: 0.1 });
  });

  it("refuses Nesterov's look-ahead without momentum", () => {
    const result = sgd.options.safeParse({ nesterov: true });
    expect(result.error?.issues).toMatchObject([{ path: ['nesterov'], message: 'needs a momentum above 0' }]);
  });
});
