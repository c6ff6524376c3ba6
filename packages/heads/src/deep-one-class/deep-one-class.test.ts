import { readFileSync } from 'node:fs';

import {
  createRandom,
  inferenceMode,
  prepareTfGradients,
  uint8,
  type EmbeddingHeadModel,
  type HeadSpec,
} from '@kindred/core';
import { createTestContext } from '@kindred/core/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { compactness } from './compactness.js';
import { deepOneClass } from './deep-one-class.js';
import { descriptiveness } from './descriptiveness.js';

interface Case {
  readonly embeddings: number[][];
  readonly targets: number[][];
  readonly kernel: number[][];
  readonly bias: number[];
  readonly compactness: number;
  readonly descriptiveness: number;
  readonly gradients: { readonly embeddings: number[][]; readonly kernel: number[][]; readonly bias: number[] };
}

// tools/fixtures/make_deep_one_class.py: PyTorch in double precision.
const reference = JSON.parse(readFileSync(new URL('./fixtures/losses.json', import.meta.url), 'utf8')) as {
  readonly lambda: number;
  readonly cases: readonly Case[];
};

const spec: HeadSpec = { features: 6, labels: ['cat', 'dog', 'owl'], samples: 20, positives: [5, 3, 2] };
const create = (options: object = {}, of: HeadSpec = spec) =>
  deepOneClass.create(deepOneClass.options.parse(options), of, createTestContext()) as EmbeddingHeadModel;

const tensors = (model: EmbeddingHeadModel) =>
  Object.fromEntries(
    Object.entries(model.network.init(createRandom(1))).map(([name, { value }]) => [
      name,
      tf.tensor(value.data, [...value.shape]),
    ]),
  );

/** Single precision; sums of some twenty squares. */
const TOLERANCE = 2e-6;
function expectClose(actual: tf.Tensor, expected: number | number[] | number[][]): void {
  const values = actual.dataSync();
  [expected].flat(2).forEach((value, i) => {
    expect(Math.abs((values[i] ?? NaN) - value)).toBeLessThanOrEqual(TOLERANCE * Math.max(1, Math.abs(value)));
  });
}

beforeAll(prepareTfGradients);

describe.each(reference.cases.map((item, i) => [i, item] as const))('batch %i of PyTorch', (_, item) => {
  const targets = () => tf.tensor2d(item.targets);
  const wanted = () => tf.sub(1, tf.sum(targets(), 1, true));

  it('has this compactness, each image against the mean of the others', () => {
    expectClose(compactness(tf.tensor2d(item.embeddings), wanted()), item.compactness);
  });

  it('has this descriptiveness', () => {
    const logits = tf.add(tf.matMul(tf.tensor2d(item.embeddings), tf.tensor2d(item.kernel)), tf.tensor1d(item.bias));
    expectClose(descriptiveness(logits, targets()), item.descriptiveness);
  });

  it('has this loss of the head and these gradients', () => {
    const labels = item.bias.map((__, j) => `label-${j}`);
    const model = create({ lambda: reference.lambda }, { ...spec, labels });
    const loss = (x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor) =>
      model.loss(x, targets(), { 'label_classifier/kernel': kernel, 'label_classifier/bias': bias }).asScalar();
    const { value, grads } = tf.valueAndGrads(loss)([
      tf.tensor2d(item.embeddings),
      tf.tensor2d(item.kernel),
      tf.tensor1d(item.bias),
    ]);
    expectClose(value, item.descriptiveness + reference.lambda * item.compactness);
    const [x, kernel, bias] = grads as [tf.Tensor, tf.Tensor, tf.Tensor];
    expectClose(x, item.gradients.embeddings);
    expectClose(kernel, item.gradients.kernel);
    expectClose(bias, item.gradients.bias);
  });
});

describe('the loss stays finite', () => {
  const rows = () =>
    tf.tensor2d([
      [1, 2],
      [3, -4],
    ]);
  it.each([
    [
      'no wanted image: no compactness',
      [
        [1, 0],
        [0, 1],
      ],
      'reference',
    ],
    [
      'one wanted image: it has no others',
      [
        [0, 0],
        [0, 1],
      ],
      'both',
    ],
    [
      'wanted images alone: nothing to describe',
      [
        [0, 0],
        [0, 0],
      ],
      'wanted',
    ],
  ] as const)('%s', (_, targets, side) => {
    const t = tf.tensor2d(targets.map((row) => [...row]));
    const compact = compactness(rows(), tf.sub(1, tf.sum(t, 1, true))).dataSync()[0] ?? NaN;
    const descriptive = descriptiveness(rows(), t).dataSync()[0] ?? NaN;
    // Two points at a distance of (2, 6): each is sqrt(40) from the mean of the others, by a width of 2.
    expect(compact).toBeCloseTo(side === 'wanted' ? 20 : 0, 6);
    if (side === 'wanted') expect(descriptive).toBeCloseTo(0, 6);
    else expect(descriptive).toBeGreaterThan(0);
  });

  it('a reference image with two labels counts as one, half for each', () => {
    const logits = tf.tensor2d([[2, 0, -1]]);
    const [both = NaN] = descriptiveness(logits, tf.tensor2d([[1, 1, 0]])).dataSync();
    const [first = NaN] = descriptiveness(logits, tf.tensor2d([[1, 0, 0]])).dataSync();
    const [second = NaN] = descriptiveness(logits, tf.tensor2d([[0, 1, 0]])).dataSync();
    expect(both).toBeCloseTo((first + second) / 2, 6);
  });
});

describe('deep-one-class', () => {
  it('gives the last hidden layer as embedding; the classifier belongs to the loss alone', () => {
    const model = create({ hidden: [5, 4] });
    const weights = tensors(model);
    expect(Object.fromEntries(Object.entries(weights).map(([name, { shape }]) => [name, shape]))).toEqual({
      'dense_1/kernel': [6, 5],
      'dense_1/bias': [5],
      'dense_2/kernel': [5, 4],
      'dense_2/bias': [4],
      'label_classifier/kernel': [4, 3],
      'label_classifier/bias': [3],
    });
    expect(model.network.forward(weights, tf.ones([7, 6]), inferenceMode).shape).toEqual([7, 4]);
  });

  it('without hidden layers gives the features themselves: all that learns is the backbone', () => {
    const model = create({ hidden: [] });
    const x = tf.randomNormal([3, 6], 0, 1, 'float32', 1);
    expect(model.network.forward(tensors(model), x, inferenceMode).arraySync()).toEqual(x.arraySync());
    expect(Object.keys(model.network.init(createRandom(1)))).toEqual([
      'label_classifier/kernel',
      'label_classifier/bias',
    ]);
  });

  it('has a loss of whole batches, which must not be computed in parts', () => {
    expect(create().splittable).toBe(false);
  });

  it('measures euclidean distances', () => {
    const [a, b] = [
      tf.tensor2d([
        [0, 0],
        [3, 4],
      ]),
      tf.tensor2d([
        [0, 0],
        [3, 4],
        [6, 8],
      ]),
    ];
    const distances = create().distances({}, a, b);
    // Equal embeddings are 1e-6 apart, so that the gradient of the root stays finite.
    expectClose(distances, [
      [1e-6, 5, 10],
      [5, 1e-6, 5],
    ]);
  });

  it('learns: wanted images draw together while labels are told apart', () => {
    const model = create({ hidden: [8], dropout: 0, lambda: 1 });
    const random = createRandom(3);
    const rows = 24;
    const y = tf.tensor2d(
      Array.from({ length: rows }, (_, i) => [0, 1, 2].map((label) => Number(i >= 12 && i % 3 === label))),
    );
    const noise = Array.from({ length: rows * 6 }, () => random.normal());
    const x = tf.tensor2d(
      noise.map((value, i) => value * 0.5 + (y.arraySync()[Math.floor(i / 6)]?.[i % 6] ?? 0) * 2),
      [rows, 6],
    );
    const weights = Object.fromEntries(
      Object.entries(tensors(model)).map(([name, value]) => [name, tf.variable(value)]),
    );
    const loss = () => model.loss(model.network.forward(weights, x, inferenceMode), y, weights).asScalar();
    const before = loss().dataSync()[0] ?? NaN;
    const optimizer = tf.train.sgd(0.1);
    for (let step = 0; step < 60; step++) optimizer.minimize(loss);
    expect(loss().dataSync()[0]).toBeLessThan(before / 3);
  });

  it.each([
    [{ ...spec, labels: ['cat'], positives: [10] }, '1: "cat"'],
    [{ ...spec, labels: [], positives: [] }, 'none'],
  ])('refuses a reference set without two labels', (of, got) => {
    expect(() => create({}, of)).toThrow(
      expect.objectContaining({
        code: 'KINDRED_DATA_ONE_LABEL',
        message: `The reference data of the head deep-one-class must have two labels or more. Got ${got}.`,
        path: 'data.reference',
      }) as Error,
    );
  });

  it.each([{ lambda: -1 }, { hidden: [0] }, { dropout: 1 }, { margin: 1 }])('refuses the options %j', (options) => {
    expect(deepOneClass.options.safeParse(options).success).toBe(false);
  });

  it('cuts its batches from both sets', () => {
    const y = uint8([6, 3], [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]);
    const order = create().order?.(y, 4, createRandom(1)) ?? [];
    expect(order).toHaveLength(8);
    expect(new Set(order.filter((row) => [0, 1, 5].includes(row))).size).toBe(3);
  });
});
