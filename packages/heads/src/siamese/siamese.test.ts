import { readFileSync } from 'node:fs';

import {
  createRandom,
  prepareTfGradients,
  uint8,
  type EmbeddingHeadModel,
  type HeadSpec,
  type Loss,
} from '@kindred/core';
import { createTestContext } from '@kindred/core/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { binaryCrossEntropy } from '../losses/binary-cross-entropy.js';
import { contrastive } from '../losses/contrastive.js';
import { triplet } from '../losses/triplet.js';

import { siamese } from './siamese.js';

interface Case {
  readonly options: {
    readonly distance: string;
    readonly sampler: string;
    readonly mining?: string;
    readonly loss: string;
  };
  readonly loss: number;
  readonly gradient: readonly number[][];
}
// tools/fixtures/make_siamese.py: PyTorch in double precision, mining by loops.
const reference = JSON.parse(readFileSync(new URL('./fixtures/siamese.json', import.meta.url), 'utf8')) as {
  readonly labels: readonly number[];
  readonly embeddings: number[][];
  readonly alpha: number[];
  readonly scale: number;
  readonly offset: number;
  readonly distances: Readonly<Record<string, readonly number[][]>>;
  readonly cases: readonly Case[];
};

const losses: Readonly<Record<string, Loss>> = {
  contrastive,
  triplet,
  'binary-cross-entropy': binaryCrossEntropy,
};
const spec: HeadSpec = { features: 3, labels: ['a', 'b', 'c'], samples: 8, positives: [3, 3, 2] };

function create(options: object, of: HeadSpec = spec): EmbeddingHeadModel {
  const ctx = createTestContext({
    loss: ({ use, ...given }) => losses[use]!.create(losses[use]!.options.parse(given)),
    lossInput: ({ use }) => losses[use]!.of ?? 'logits',
  });
  return siamese.create(siamese.options.parse({ embedding: 'none', ...options }), of, ctx) as EmbeddingHeadModel;
}

const pairWeights = () => ({
  'pair/alpha': tf.tensor1d(reference.alpha),
  'pair/scale': tf.scalar(reference.scale),
  'pair/offset': tf.scalar(reference.offset),
});
/** As the head keeps them: none of what the distance and the loss do not use. */
const weightsOf = (model: EmbeddingHeadModel) => {
  const kept = Object.keys(model.network.init(createRandom(1)));
  return Object.fromEntries(Object.entries(pairWeights()).filter(([name]) => kept.includes(name)));
};
const oneHot = (labels: readonly number[]) =>
  tf.tensor2d(labels.map((label) => [0, 1, 2].map((j) => Number(j === label))));

/** Sums of up to 336 numbers in single precision. */
function expectClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs((actual[i] ?? NaN) - value)).toBeLessThanOrEqual(3e-6 * Math.max(1, Math.abs(value)));
  });
}

beforeAll(prepareTfGradients);

describe('distances', () => {
  it.each(Object.entries(reference.distances))('%s are those of PyTorch', (distance, expected) => {
    const model = create({ distance });
    const x = tf.tensor2d(reference.embeddings);
    const actual = model.distances(weightsOf(model), tf.slice(x, [0, 0], [3, 3]), tf.slice(x, [6, 0], [2, 3]));
    expect(actual.shape).toEqual([3, 2]);
    expectClose(actual.dataSync(), expected.flat());
  });

  it('are the same computed in blocks: many images against many', () => {
    const model = create({ distance: 'euclidean' }, { ...spec, features: 512 });
    const a = tf.randomUniform([5, 512], 0, 1, 'float32', 1);
    const b = tf.randomUniform([4000, 512], 0, 1, 'float32', 2);
    const all = model.distances({}, a, b).dataSync();
    // Two rows at once of 4 million numbers; each row alone is one block.
    const last = model.distances({}, tf.slice(a, [4, 0], [1, 512]), b).dataSync();
    expect(Array.from(all.slice(4 * 4000))).toEqual(Array.from(last));
  });

  it('keep the digits of near embeddings that are far from zero', () => {
    const distance = create({}).distances({}, tf.tensor2d([[1000, 0, 0]]), tf.tensor2d([[1000.125, 0, 0]]));
    expect(distance.dataSync()[0]).toBeCloseTo(0.125, 6);
  });

  it('of an embedding of zeros are finite', () => {
    const zeros = tf.zeros([1, 3]);
    for (const distance of ['euclidean', 'cosine', 'weighted-l1']) {
      const model = create({ distance, normalize: true });
      const embedding = model.network.forward(weightsOf(model), zeros, {
        training: false,
        dropout: (x) => x,
        update: () => undefined,
      });
      expect(Number.isFinite(model.distances(weightsOf(model), embedding, zeros).dataSync()[0])).toBe(true);
    }
  });
});

describe('losses of a batch', () => {
  it.each(reference.cases.map((item) => [JSON.stringify(item.options), item] as const))(
    'and gradients are those of PyTorch with %s',
    (_, { options, loss, gradient }) => {
      const model = create({ ...options, normalize: false });
      const weights = weightsOf(model);
      const of = (x: tf.Tensor) => model.loss(x, oneHot(reference.labels), weights).asScalar();
      const { value, grad } = tf.valueAndGrad(of)(tf.tensor2d(reference.embeddings));
      expectClose(value.dataSync(), [loss]);
      expectClose(grad.dataSync(), gradient.flat());
    },
  );

  it.each(['euclidean', 'cosine', 'weighted-l1'])(
    'have finite gradients where all embeddings are equal: %s',
    (distance) => {
      for (const loss of ['contrastive', 'triplet', 'binary-cross-entropy']) {
        const model = create({ distance, loss, sampler: 'batch' });
        const of = (x: tf.Tensor) => model.loss(x, oneHot([0, 0, 1, 1]), weightsOf(model)).asScalar();
        expect(
          tf
            .grad(of)(tf.ones([4, 3]))
            .dataSync()
            .every(Number.isFinite),
        ).toBe(true);
      }
    },
  );

  it('count images that share one of several labels as the same', () => {
    const model = create({ sampler: 'pairs' });
    const targets = tf.tensor2d([
      [1, 1, 0],
      [0, 1, 1],
    ]);
    const loss = model.loss(tf.tensor2d([[0, 0, 3], [0, 4, 3]]), targets, {}); // prettier-ignore
    expect(loss.dataSync()[0]).toBeCloseTo(4 ** 2 / 2, 5);
  });

  it('refuse rows that are not whole pairs', () => {
    expect(() => create({}).loss(tf.ones([3, 3]), oneHot([0, 1, 2]), {})).toThrow(
      expect.objectContaining({ code: 'KINDRED_DATA_PAIRS' }) as Error,
    );
  });
});

describe('the network', () => {
  it('gives embeddings of length 1 with "normalize"', () => {
    const model = create({ embedding: 5, hidden: [4], normalize: true });
    const weights = Object.fromEntries(
      Object.entries(model.network.init(createRandom(1))).map(([name, { value }]) => [
        name,
        tf.tensor(value.data, [...value.shape]),
      ]),
    );
    const mode = { training: false, dropout: (x: tf.Tensor) => x, update: () => undefined };
    const embeddings = model.network.forward(weights, tf.tensor2d(reference.embeddings), mode);
    expect(embeddings.shape).toEqual([8, 5]);
    expectClose(tf.norm(embeddings, 2, 1).dataSync(), new Array<number>(8).fill(1));
  });

  it.each([
    [{ embedding: 'none' }, []],
    [{ embedding: 7, hidden: [5] }, ['dense_1/kernel', 'dense_1/bias', 'embedding/kernel', 'embedding/bias']],
    [{ embedding: 'none', distance: 'weighted-l1' }, ['pair/alpha']],
    [{ embedding: 'none', distance: 'weighted-l1', loss: 'binary-cross-entropy' }, ['pair/alpha', 'pair/offset']],
    [{ embedding: 'none', loss: 'binary-cross-entropy' }, ['pair/scale', 'pair/offset']],
  ])('of %j keeps what it learns under these names', (options, names) => {
    expect(Object.keys(create(options).network.init(createRandom(1)))).toEqual(names);
  });
});

describe('options that do not fit together', () => {
  it.each([
    [{ loss: 'triplet', sampler: 'pairs' }, 'sampler', /must be "triplets" or "batch" with the loss triplet/],
    [{ sampler: 'triplets' }, 'sampler', /must be "pairs" or "batch" with the loss contrastive/],
    [{ sampler: 'batch', mining: 'semi-hard' }, 'mining', /must be "all" or "hard" with the loss contrastive/],
  ])('are refused: %j', (options, path, message) => {
    expect(() => create(options)).toThrow(
      expect.objectContaining({
        code: 'KINDRED_MANIFEST_VALUE',
        path,
        message: expect.stringMatching(message) as string,
        hint: expect.any(String) as string,
      }) as Error,
    );
  });
});

describe('an epoch', () => {
  const targets = uint8(
    [100, 3],
    Uint8Array.from({ length: 300 }, (_, i) => Number(Math.floor(i / 3) % 3 === i % 3)),
  );

  it.each([
    [{}, 64, 2 * 64],
    [{ stepsPerEpoch: 5 }, 64, 5 * 64],
    [{ loss: 'triplet' }, 64, 2 * 64],
    [{ loss: 'triplet', sampler: 'triplets' }, 30, 4 * 30],
  ])('with %j has about as many rows as images, or the steps that are wanted', (options, batchSize, rows) => {
    expect(create(options).order?.(targets, batchSize, createRandom(1))).toHaveLength(rows);
  });
});
