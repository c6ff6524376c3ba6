import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import type { Head, LabelHeadModel, Network, SolvedHead, Tags } from '../plugin/contract.js';
import { defineHead } from '../plugin/define.js';
import { float32, type NdArrays } from '../tensor/nd-array.js';

import { runChecks } from './check.js';
import { headChecks } from './checks-head.js';

type Change = (model: LabelHeadModel) => Partial<Omit<LabelHeadModel, 'network'>> & { network?: Partial<Network> };

/** Logistic regression for each label, changed by `change`. */
const head = (change: Change = () => ({}), tags: Tags = { multiLabel: true }): Head =>
  defineHead({
    name: 'linear',
    version: 1,
    summary: '',
    options: z.strictObject({}),
    tags,
    create(_, { features, labels }, ctx) {
      const elementLoss = ctx.loss({ use: 'any' });
      const model: LabelHeadModel = {
        network: {
          init: (random) => ({
            kernel: {
              value: float32(
                [features, labels.length],
                Array.from({ length: features * labels.length }, random.normal),
              ),
            },
          }),
          forward: (weights, x) => tf.matMul(x, weights.kernel as tf.Tensor2D),
        },
        loss: (logits, targets) => tf.mean(elementLoss(logits, targets)),
        probabilities: (logits) => tf.sigmoid(logits),
      };
      const { network, ...rest } = change(model);
      return { ...model, ...rest, network: { ...model.network, ...network } };
    },
  });

const failures = async (component: Head) =>
  (await runChecks(headChecks, component)).filter(({ error }) => error !== undefined).map(({ name }) => name);

let calls = 0;

type Solve = NonNullable<LabelHeadModel['solve']>;

/** Looks at the one feature whose mean differs most between images that carry the label and others. */
const difference: Solve = ({ x, y }, { signal }) => {
  signal.throwIfAborted();
  const features = x.shape[1] ?? 1;
  const sums = new Array<number>(features).fill(0);
  x.data.forEach((value, i) => (sums[i % features]! += y?.data[Math.floor(i / features)] === 1 ? value : -value));
  const most = Math.max(...sums.map(Math.abs));
  const kernel = sums.map((sum) => (Math.abs(sum) === most ? 5 * Math.sign(sum) : 0));
  return Promise.resolve({ weights: { kernel: float32([features, 1], kernel) } });
};

const mapped = ({ kernel }: NdArrays, change: (value: number) => number): NdArrays => ({
  kernel: float32(kernel!.shape, Array.from(kernel!.data, change)),
});

/** A head of one column that finds its weights itself. */
const solver = (solve: Solve) => head(() => ({ solve: async (...given) => solve(...given) }), { needsNegatives: true });

const changed = (change: (solved: SolvedHead) => SolvedHead) =>
  solver(async (...given) => change(await difference(...given)));

describe('headChecks', () => {
  it('pass a head that keeps its contract', async () => {
    expect(await failures(head())).toEqual([]);
  });

  it('pass a loss that compares images with each other and says so', async () => {
    const loss: LabelHeadModel['loss'] = (logits) => tf.mean(tf.square(tf.sub(logits, tf.mean(logits, 0))));
    expect(await failures(head(() => ({ loss, splittable: false })))).toEqual([]);
  });

  it('pass a head of two labels that exclude each other, and one of what belongs', async () => {
    expect(await failures(head(undefined, {}))).toEqual([]);
    expect(await failures(head(undefined, { needsNegatives: true }))).toEqual([]);
  });

  it('pass a head that finds its weights itself', async () => {
    expect(await failures(solver(difference))).toEqual([]);
  });

  it.each<[hazard: string, failing: string, component: Head]>([
    [
      'leaves a weight out',
      'solves for all weights of its network, each finite and of its shape',
      changed(() => ({ weights: {} })),
    ],
    [
      'gives weights that are not finite',
      'solves for all weights of its network, each finite and of its shape',
      changed(({ weights }) => ({ weights: { kernel: float32(weights['kernel']!.shape, [NaN]) } })),
    ],
    [
      'scales features in place',
      'solves without changing what it is given',
      solver((data, ctx) => {
        data.x.data.forEach((value, i) => (data.x.data[i] = 2 * value));
        return difference(data, ctx);
      }),
    ],
    [
      'draws outside of its stream',
      'solves to the same weights with the same seed',
      changed(({ weights }) => ({ weights: mapped(weights, (value) => value + calls++) })),
    ],
    [
      'points the wrong way',
      'solves so that images which carry a label get the higher logits',
      changed(({ weights }) => ({ weights: mapped(weights, (value) => -value) })),
    ],
    [
      'goes on after an abort',
      'stops solving when it is told to',
      solver((data, ctx) => difference(data, { ...ctx, signal: new AbortController().signal })),
    ],
  ])('find a head that %s as it solves', async (_, failing, component) => {
    expect(await failures(component)).toContain(failing);
  });

  it.each<[hazard: string, failing: string, change: Change]>([
    [
      'begins differently each time',
      'begins with the same weights for the same seed',
      ({ network }) => ({
        network: { init: (random) => ({ ...network.init(random), calls: { value: float32([], [calls++]) } }) },
      }),
    ],
    [
      'gives logits of one label alone',
      'gives finite logits, one row for each image',
      ({ network }) => ({
        network: { forward: (...args) => tf.slice(network.forward(...args), [0, 0], [-1, 1]) },
      }),
    ],
    [
      'normalises over the batch when it predicts',
      'treats each image by itself when it predicts',
      ({ network }) => ({
        network: { forward: (weights, x, mode) => network.forward(weights, tf.sub(x, tf.mean(x, 0)), mode) },
      }),
    ],
    [
      'overflows',
      'gives probabilities between 0 and 1',
      () => ({ probabilities: (logits) => tf.div(tf.exp(tf.mul(logits, 3)), tf.add(tf.exp(tf.mul(logits, 3)), 1)) }),
    ],
    [
      'divides by the count of positives',
      'has a finite scalar loss, also where no image or every image carries a label',
      ({ loss }) => ({
        loss: (logits, targets, weights) => tf.div(loss(logits, targets, weights), tf.sum(targets)),
      }),
    ],
    [
      'climbs its loss',
      'learns: its loss falls in 20 steps',
      ({ network }) => ({
        network: {
          forward: (weights, x, mode) => {
            const logits = network.forward(weights, x, mode);
            return mode.training ? tf.neg(logits) : logits;
          },
        },
      }),
    ],
    [
      'keeps part of its state outside of its weights',
      'gives the same logits after its weights were saved and loaded',
      ({ network }) => ({
        network: { forward: (...args) => tf.add(network.forward(...args), calls++) },
      }),
    ],
    [
      'compares images with each other in its loss, and does not say so',
      'has a loss that is the mean over images, unless it says that it is not splittable',
      () => ({ loss: (logits) => tf.mean(tf.square(tf.sub(logits, tf.mean(logits, 0)))) }),
    ],
  ])('find a head that %s', async (_, failing, change) => {
    expect(await failures(head(change))).toContain(failing);
  });
});
