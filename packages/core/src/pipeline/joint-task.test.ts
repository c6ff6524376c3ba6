import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { createRandom } from '../context/random.js';
import type { BackboneModel, HeadModel, OptimizerModel } from '../plugin/contract.js';
import { float32, type NdArray, type NdArrays } from '../tensor/nd-array.js';
import { createEagerEngine } from '../testing/eager-engine.js';
import { createTestContext } from '../testing/test-context.js';
import { trainNetwork } from '../training/train-network.js';

import { jointTask, type JointNetworks } from './joint-task.js';

const scalar = (value: number) => ({ value: float32([], [value]) });

/** Pixels times 2, then times a weight that is trained. */
const model: BackboneModel = {
  input: { width: 1, height: 1, channels: 1, resize: 'stretch' },
  features: 1,
  trainable: true,
  fingerprint: 'whole',
  stem: {
    shape: [1, 1, 1],
    fingerprint: 'stem',
    network: { init: () => ({ two: scalar(2) }), forward: ({ two }, x) => tf.mul(tf.cast(x, 'float32'), two!) },
  },
  network: {
    init: () => ({ scale: scalar(3) }),
    forward: ({ scale }, x) => tf.mul(x, scale!).reshape([-1, 1]),
  },
};
const squared: HeadModel = {
  network: { init: () => ({ offset: scalar(1) }), forward: ({ offset }, x) => tf.add(x, offset!) },
  loss: (output, targets) => tf.mean(tf.square(tf.sub(output, targets))),
  probabilities: (logits) => logits,
};
/** Plain gradient descent. */
const sgd: OptimizerModel = {
  learningRate: 0.01,
  slots: [],
  update: ({ weight, gradient, learningRate }) => ({ weight: weight.sub(gradient.mul(learningRate)), slots: {} }),
};

async function train(batch: NdArrays, networks: Partial<JointNetworks>) {
  const initial = model.network.init(createRandom(1));
  const task = jointTask({ model, initial, heads: { a: squared }, stored: false, ...networks }, createRandom(1));
  const engine = createEagerEngine();
  const result = await trainNetwork(
    task,
    { epoch: () => [batch] },
    { epochs: 1, optimizer: sgd },
    createTestContext({ engine }),
  );
  await engine.dispose();
  return { task, ...result };
}

const y = float32([2, 1], [1, 0]);
const images: NdArray = { dtype: 'uint8', shape: [2, 1, 1, 1], data: Uint8Array.of(1, 3) };
const numbers = (weights: NdArrays) =>
  Object.fromEntries(Object.entries(weights).map(([name, { data }]) => [name, data[0]]));

describe('a backbone with a stem, trained together with heads', () => {
  it('has the gradients of calculus for images, its stem a constant that no optimizer sees', async () => {
    const { task, weights, history } = await train({ images, y }, {});
    expect(Object.keys(task.initial)).toEqual(['backbone/scale', 'heads/a/offset']);
    expect(Object.keys(task.constants ?? {})).toEqual(['two']);
    // Outputs 3 * 2 + 1 = 7 and 3 * 6 + 1 = 19; errors 6 and 19; their mean square and its slopes.
    expect(history[0]?.loss).toBeCloseTo((36 + 361) / 2, 4);
    const { 'backbone/scale': scale, 'heads/a/offset': offset } = numbers(weights);
    expect(scale).toBeCloseTo(3 - 0.01 * (6 * 2 + 19 * 6), 5);
    expect(offset).toBeCloseTo(1 - 0.01 * (6 + 19), 5);
  });

  it('takes what the stem gave in place of images, to the same weights, without the stem', async () => {
    const fromImages = await train({ images, y }, {});
    const stored = await train({ x: float32([2, 1, 1, 1], [2, 6]), y }, { stored: true });
    expect(stored.task.constants).toBeUndefined();
    expect(stored.weights).toEqual(fromImages.weights);
  });

  it('sums the losses of several heads, whose weights have names of their own', async () => {
    const { task, history } = await train({ images, y }, { heads: { a: squared, b: squared } });
    expect(Object.keys(task.initial)).toEqual(['backbone/scale', 'heads/a/offset', 'heads/b/offset']);
    expect(history[0]?.loss).toBeCloseTo(36 + 361, 4);
  });
});
