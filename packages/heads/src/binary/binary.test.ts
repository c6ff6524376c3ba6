import {
  createRandom,
  float32,
  inferenceMode,
  memoryBatches,
  prepareTfGradients,
  trainNetwork,
  uint8,
  type HeadSpec,
  type NdArrays,
} from '@kindred/core';
import { createTestContext, headChecks } from '@kindred/core/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { focal } from '../losses/focal.js';
import { binaryCrossEntropy } from '../losses/binary-cross-entropy.js';
import { adam } from '../optimizers/adam.js';

import { binary } from './binary.js';

const spec: HeadSpec = { features: 2, labels: ['cat', 'dog'], samples: 100, positives: [80, 20] };
const crossEntropy = binaryCrossEntropy.create({ labelSmoothing: 0 });

function create(options: object = {}, { loss = crossEntropy, of = spec } = {}) {
  const model = binary.create(binary.options.parse(options), of, createTestContext({ loss: () => loss }));
  if (!('probabilities' in model)) throw new TypeError('binary gives logits');
  return model;
}

const tensors = (arrays: NdArrays) =>
  Object.fromEntries(Object.entries(arrays).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]));

/** Two groups of points along a line, the second label where their sum is above 1. */
function drawn(rows: number, seed: number) {
  const random = createRandom(seed);
  const x = float32([rows, 2]);
  x.data.forEach((_, i) => (x.data[i] = random.normal()));
  const y = uint8([rows, 2]);
  for (let row = 0; row < rows; row++) y.data[2 * row + Number(x.data[2 * row]! + x.data[2 * row + 1]! > 1)] = 1;
  return { x, y };
}

beforeAll(prepareTfGradients);

describe('binary', () => {
  it.each([undefined, 'cat', 'dog'])('has one logit, that of %s, and both labels follow from it', (positive) => {
    const model = create({ hidden: [], positive });
    const weights = { 'output/kernel': tf.tensor2d([[1], [0]]), 'output/bias': tf.tensor1d([1]) };
    const logits = model.network.forward(weights, tf.tensor2d([[2, 9]]), inferenceMode);
    expect(logits.arraySync()).toEqual([positive === 'cat' ? [3, -3] : [-3, 3]]);
    const [cat = NaN, dog = NaN] = model.probabilities(logits).dataSync();
    expect(cat + dog).toBeCloseTo(1, 6);
  });

  it('tells two labels of new points apart', async () => {
    const [train, held] = [drawn(300, 1), drawn(200, 2)];
    const ctx = createTestContext();
    const positives = [0, 1].map((column) => train.y.data.filter((value, i) => i % 2 === column && value === 1).length);
    const model = create({ hidden: [8], dropout: 0 }, { of: { ...spec, samples: 300, positives } });
    const { weights } = await trainNetwork(
      {
        name: 'binary',
        initial: model.network.init(createRandom(1)),
        objective: ({ x, y }, named, mode) => model.loss(model.network.forward(named, x!, mode), y!, named),
      },
      memoryBatches(train, { batchSize: 32, random: createRandom(2) }),
      { epochs: 12, optimizer: adam.create(adam.options.parse({ learningRate: 0.03 })) },
      ctx,
    );
    const x = tf.tensor2d(held.x.data, [200, 2]);
    const scores = model.probabilities(model.network.forward(tensors(weights), x, inferenceMode)).dataSync();
    const right = Array.from(scores, (score, i) => Number(score >= 0.5) === held.y.data[i]);
    expect(right.filter(Boolean).length / right.length).toBeGreaterThan(0.95);
  });

  it('has the loss of its one logit, as multi-label of one label has', () => {
    const logits = tf.tensor2d([
      [-2, 2],
      [1, -1],
    ]);
    const targets = tf.tensor2d([
      [0, 1],
      [0, 1],
    ]);
    const [loss] = create({ hidden: [] }).loss(logits, targets, {}).dataSync();
    expect(loss).toBeCloseTo((Math.log1p(Math.exp(-2)) + Math.log1p(Math.exp(1))) / 2, 6);
  });

  it('takes the positive label for that of a loss which treats both sides differently', () => {
    const loss = focal.create(focal.options.parse({ gamma: 0, alpha: 0.9 }));
    const [logits, targets] = [tf.tensor2d([[0, 0]]), tf.tensor2d([[0, 1]])];
    const value = (positive: string) => create({ positive }, { loss }).loss(logits, targets, {}).dataSync()[0];
    expect(value('dog')).toBeCloseTo(0.9 * Math.log(2), 6);
    expect(value('cat')).toBeCloseTo(0.1 * Math.log(2), 6);
  });

  it("weighs both labels the same as scikit-learn's 'balanced', and begins in the middle then", () => {
    const { network, loss } = create({ classWeights: 'balanced', hidden: [] });
    const logits = tf.zeros([2, 2]);
    const targets = tf.tensor2d([
      [1, 0],
      [0, 1],
    ]);
    // 100 / (2 * 80) and 100 / (2 * 20).
    expect(loss(logits, targets, {}).dataSync()[0]).toBeCloseTo(((0.625 + 2.5) / 2) * Math.log(2), 6);
    const bias = network.init(createRandom(1))['output/bias']?.value.data[0] ?? NaN;
    expect(bias).toBeCloseTo(Math.log((2.5 * 20.5) / (0.625 * 80.5)), 6);
  });

  it('begins at the share of the positive label', () => {
    const bias = (options: object) => create(options).network.init(createRandom(1))['output/bias']?.value.data[0];
    expect(bias({})).toBeCloseTo(Math.log(20.5 / 80.5), 6);
    expect(bias({ positive: 'cat' })).toBeCloseTo(Math.log(80.5 / 20.5), 6);
    expect(bias({ initialBias: 'zeros' })).toBe(0);
  });

  it.each([
    [1, ['cage'], 'another folder'],
    [3, ['cat', 'dog', 'bird'], 'multi-label'],
  ])('refuses %i labels', (count, labels, way) => {
    const of = { ...spec, labels, positives: labels.map(() => 10) };
    expect(() => create({}, { of })).toThrow(
      expect.objectContaining({
        code: 'KINDRED_MANIFEST_VALUE',
        message: `The head binary tells two labels apart that exclude each other. The data has ${count}: ${labels.join(', ')}.`,
        hint: expect.stringContaining(way) as string,
      }) as Error,
    );
  });

  it('refuses a positive label that the data does not have, with the nearest', () => {
    expect(() => create({ positive: 'dogs' })).toThrow(
      expect.objectContaining({
        code: 'KINDRED_MANIFEST_VALUE',
        message: 'The option \'positive\' of the head binary must be one of the two labels of the data. Got "dogs".',
        hint: 'Did you mean "dog"?',
      }) as Error,
    );
  });
});

describe('binary keeps the contract', () => {
  const variants = [
    { hidden: [8] },
    { hidden: [], positive: 'label-0', classWeights: 'balanced', l2: 0.01 },
    { hidden: [{ units: 8, activation: 'elu', name: 'relevant' }], initialBias: 'zeros' },
  ];
  it.each(variants.flatMap((options) => headChecks.map((check) => [check.name, options, check] as const)))(
    '%s, with %j',
    async (_, options, { run }) => {
      await run(binary, options);
    },
  );

  it.each([{ classWeights: { cat: 2 } }, { positive: '' }, { units: 3 }, { hidden: [0] }])(
    'refuses the options %j',
    (options) => {
      expect(binary.options.safeParse(options).success).toBe(false);
    },
  );
});
