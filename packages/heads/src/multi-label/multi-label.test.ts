import {
  createRandom,
  float32,
  memoryBatches,
  prepareTfGradients,
  trainNetwork,
  type NdArrays,
  type TrainingTask,
} from '@kindred/core';
import { createTestContext, headChecks } from '@kindred/core/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { binaryCrossEntropy } from '../losses/binary-cross-entropy.js';
import { adam } from '../optimizers/adam.js';
import { averagePrecision, drawPrototypes } from '../../test/prototypes.js';

import { multiLabel } from './multi-label.js';

const loss = () => binaryCrossEntropy.create({ labelSmoothing: 0 });
const train = drawPrototypes(300, 1);
const held = drawPrototypes(200, 2);

const create = (options: object, data = train) =>
  multiLabel.create(multiLabel.options.parse(options), data.spec, createTestContext({ loss }));

async function fit({ options = {}, seed = 1, epochs = 12, data = train, signal = new AbortController().signal } = {}) {
  const ctx = createTestContext({ random: createRandom(seed), signal });
  const model = create({ hidden: [32], dropout: 0.2, ...options }, data);
  const task: TrainingTask = {
    name: 'genres',
    initial: model.network.init(ctx.random.fork('init')),
    objective: ({ x, y }, weights, mode) =>
      model.loss(model.network.forward(weights, x as tf.Tensor, mode), y as tf.Tensor, weights),
  };
  const batches = memoryBatches(data, { batchSize: 32, random: ctx.random.fork('shuffle') });
  const optimizer = adam.create(adam.options.parse({ learningRate: 0.01 }));
  const { weights } = await trainNetwork(task, batches, { epochs, optimizer }, ctx);
  return { model, weights };
}

function predict({ model, weights }: Awaited<ReturnType<typeof fit>>, { x } = held): Float32Array {
  const mode = { training: false, dropout: (tensor: tf.Tensor) => tensor, update: () => undefined };
  const logits = model.network.forward(tensors(weights), tf.tensor2d(x.data, x.shape as [number, number]), mode);
  if (!('probabilities' in model)) throw new TypeError('the head gives no probabilities');
  return model.probabilities(logits).dataSync() as Float32Array;
}
const tensors = (arrays: NdArrays) =>
  Object.fromEntries(Object.entries(arrays).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]));

beforeAll(prepareTfGradients);

describe('multi-label', () => {
  it('tells the labels of new images of a drawn problem', async () => {
    const precision = averagePrecision(predict(await fit()), held.y);
    const prevalence = held.y.data.reduce((sum, value) => sum + value, 0) / held.y.data.length;
    expect(prevalence).toBeLessThan(0.5);
    expect(precision).toBeGreaterThan(0.97);
    expect(averagePrecision(predict(await fit({ epochs: 0 })), held.y)).toBeLessThan(0.7);
  });

  it('gives the same bytes for the same seed, others for another', async () => {
    const [one, same, other] = [await fit({ epochs: 2 }), await fit({ epochs: 2 }), await fit({ epochs: 2, seed: 2 })];
    expect(same.weights).toEqual(one.weights);
    expect(other.weights).not.toEqual(one.weights);
  });

  it('begins at the share of images that carry each label, whatever the features', () => {
    const bias = create({}).network.init(createRandom(1))['output/bias']?.value.data ?? [];
    const { positives, samples } = train.spec;
    // Half a sample is added to both sides.
    Array.from(bias).forEach((value, j) =>
      expect(1 / (1 + Math.exp(-value))).toBeCloseTo(((positives[j] ?? NaN) + 0.5) / (samples + 1), 6),
    );
    const zeros = create({ initialBias: 'zeros' }).network.init(createRandom(1))['output/bias']?.value.data;
    expect(new Set(zeros)).toEqual(new Set([0]));
  });

  it('multiplies the loss of positives with their weights and adds the penalty on kernels', () => {
    const [z, t] = [tf.tensor2d([[1, -2, 0.5, 0]]), tf.tensor2d([[1, 1, 0, 0]])];
    const weights = {
      'dense_1/kernel': tf.tensor1d([1, 2]),
      'dense_1/bias': tf.tensor1d([9]),
      'output/kernel': tf.tensor1d([3]),
    };
    const classWeights = { red: 2, green: 5, blue: 7 };
    const value = create({ classWeights, l2: 0.1 }).loss(z, t, weights).dataSync()[0];
    const [a, b, c, d] = [Math.log1p(Math.exp(-1)), Math.log1p(Math.exp(2)), Math.log1p(Math.exp(0.5)), Math.log(2)];
    expect(value).toBeCloseTo((2 * a + 5 * b + c + d) / 4 + 0.1 * (1 + 4 + 9), 6);
  });

  it('stops on an abort', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('Ctrl-C')), 10);
    await expect(fit({ epochs: 1000, signal: controller.signal })).rejects.toThrow('Ctrl-C');
  });

  it('stops with a named error where features are not finite', async () => {
    const x = float32(train.x.shape, train.x.data.slice().fill(Infinity, 40, 41));
    await expect(fit({ data: { ...train, x } })).rejects.toMatchObject({
      code: 'KINDRED_TRAIN_NAN',
      message: expect.stringContaining("The loss of 'genres' must stay a finite number.") as string,
    });
  });
});

describe('multi-label keeps the contract', () => {
  const variants: object[] = [
    { hidden: [16] },
    { hidden: [] },
    { hidden: [8, 8], activation: 'gelu', dropout: 0, l2: 0.001 },
    { hidden: [8], activation: 'elu', classWeights: 'balanced' },
    { hidden: [8], activation: 'tanh', initialBias: 'zeros' },
    { hidden: [8], activation: 'swish', initializer: 'he-uniform' },
  ];

  it.each(variants.flatMap((options) => headChecks.map((check) => [check.name, options, check] as const)))(
    '%s, with %j',
    async (_, options, { run }) => {
      await run(multiLabel, options);
    },
  );

  it.each([
    { hidden: [0] },
    { dropout: 1 },
    { activation: 'sigmoid' },
    { l2: -1 },
    { classWeights: { a: 0 } },
    { units: 5 },
  ])('refuses the options %j', (options) => {
    expect(multiLabel.options.safeParse(options).success).toBe(false);
  });
});
