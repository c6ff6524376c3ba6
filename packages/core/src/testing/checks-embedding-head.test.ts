import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { KindredError } from '../errors/kindred-error.js';
import type { EmbeddingHeadModel, Head, LossInput, Network } from '../plugin/contract.js';
import { defineHead } from '../plugin/define.js';
import { float32 } from '../tensor/nd-array.js';

import { runChecks } from './check.js';
import { embeddingHeadChecks } from './checks-embedding-head.js';

type Change = (model: EmbeddingHeadModel) => Partial<Omit<EmbeddingHeadModel, 'network'>> & {
  network?: Partial<Network>;
};

const squares = (a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.square(tf.sub(tf.expandDims(a, 1), tf.expandDims(b, 0))), 2);

/** Pulls all that share a label together, pushes all others apart: neighbourhood components, in short. */
const neighbours: EmbeddingHeadModel['loss'] = (embeddings, targets) => {
  const others = tf.sub(1, tf.eye(embeddings.shape[0]));
  const near = tf.mul(tf.exp(tf.neg(squares(embeddings, embeddings))), others);
  const same = tf.cast(tf.greater(tf.matMul(targets, targets, false, true), 0), 'float32');
  const share = tf.div(tf.sum(tf.mul(near, same)), tf.add(tf.sum(near), 1e-6));
  return tf.neg(tf.log(tf.add(share, 1e-6)));
};

/** A linear embedding, changed by `change`; takes losses of `accepts` alone. */
const head = (change: Change = () => ({}), accepts?: LossInput): Head =>
  defineHead({
    name: 'linear-embedding',
    version: 1,
    summary: '',
    options: z.strictObject({}),
    tags: { embedding: true },
    create(_, { features }, ctx) {
      const of = ctx.lossInput({ use: 'any' });
      if (accepts && of !== accepts) throw new KindredError('KINDRED_MANIFEST_VALUE', { message: `not ${of}` });
      const model: EmbeddingHeadModel = {
        network: {
          init: (random) => ({
            kernel: { value: float32([features, 3], Array.from({ length: features * 3 }, random.normal)) },
          }),
          forward: (weights, x) => tf.matMul(x, weights.kernel as tf.Tensor2D),
        },
        loss: neighbours,
        splittable: false,
        order: (targets, batchSize, random) =>
          random.shuffle(Array.from({ length: targets.shape[0] ?? 0 }, (__, row) => row)).slice(0, batchSize),
        distances: (_weights, a, b) => tf.sqrt(tf.maximum(squares(a, b), 1e-12)),
      };
      const { network, ...rest } = change(model);
      return { ...model, ...rest, network: { ...model.network, ...network } };
    },
  });

const failures = async (component: Head) =>
  (await runChecks(embeddingHeadChecks, component)).filter(({ error }) => error !== undefined).map(({ name }) => name);

let calls = 0;

describe('embeddingHeadChecks', () => {
  it('pass a head that keeps its contract', async () => {
    expect(await failures(head())).toEqual([]);
  });

  it('pass a head that takes losses of one kind alone, and has no weights of its own', async () => {
    const bare: Change = () => ({ network: { init: () => ({}), forward: (_, x) => x } });
    expect(await failures(head(bare, 'triplets'))).toEqual([]);
  });

  it('leave a head alone that refuses every loss', async () => {
    const names = embeddingHeadChecks.map(({ name }) => name);
    const refuses: Change = () => {
      throw new KindredError('KINDRED_MANIFEST_VALUE', { message: 'no loss will do' });
    };
    expect(await failures(head(refuses))).toEqual(names);
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
      'divides by the spread of a batch, which one image does not have',
      'gives finite embeddings, one row for each image',
      ({ network }) => ({
        network: {
          forward: (weights, x, mode) => {
            const { mean, variance } = tf.moments(x, 0);
            return network.forward(weights, tf.div(tf.sub(x, mean), tf.sqrt(variance)), mode);
          },
        },
      }),
    ],
    [
      'centres the batch',
      'embeds each image by itself',
      ({ network }) => ({
        network: { forward: (weights, x, mode) => network.forward(weights, tf.sub(x, tf.mean(x, 0)), mode) },
      }),
    ],
    [
      'gives similarities',
      'measures distances of any two sets, none below 0',
      () => ({ distances: (_, a, b) => tf.matMul(a, b, false, true) }),
    ],
    [
      'measures each image against the one in its row alone',
      'measures distances of any two sets, none below 0',
      () => ({ distances: (_, a, b) => tf.sum(tf.abs(tf.sub(a, b)), 1) }),
    ],
    [
      'gives a likeness that grows with nearness',
      'measures the same distance both ways, the least from an image to itself',
      () => ({ distances: (_, a, b) => tf.exp(tf.neg(squares(a, b))) }),
    ],
    [
      'measures one way alone',
      'measures the same distance both ways, the least from an image to itself',
      () => ({ distances: (_, a, b) => tf.mul(squares(a, b), tf.sum(tf.square(a), 1, true)) }),
    ],
    [
      'divides by the count of different pairs',
      'has a finite scalar loss, also where all images carry the same label',
      ({ loss }) => ({
        loss: (embeddings, targets, weights) => {
          const different = tf.cast(tf.equal(tf.matMul(targets, targets, false, true), 0), 'float32');
          return tf.div(loss(embeddings, targets, weights), tf.sum(different));
        },
      }),
    ],
    [
      'draws rows that are not there',
      'draws whole batches of rows that exist, the same for the same seed',
      () => ({ order: (targets, batchSize) => new Array<number>(batchSize).fill(targets.shape[0] ?? 0) }),
    ],
    [
      'leaves part of a batch',
      'draws whole batches of rows that exist, the same for the same seed',
      ({ order }) => ({ order: (...args) => order!(...args).slice(1) }),
    ],
    [
      'draws the same rows in every epoch',
      'draws whole batches of rows that exist, the same for the same seed',
      () => ({ order: (_, batchSize) => Array.from({ length: batchSize }, (__, row) => row) }),
    ],
    [
      'pushes the same apart',
      'learns: its loss falls, and what is alike comes nearer than what is not',
      ({ loss }) => ({ loss: (...args) => tf.neg(loss(...args)) }),
    ],
    [
      'keeps part of its state outside of its weights',
      'gives the same embeddings and distances after its weights were saved and loaded',
      ({ distances }) => ({ distances: (...args) => tf.add(distances(...args), calls++) }),
    ],
  ])('find a head that %s', async (_, failing, change) => {
    expect(await failures(head(change))).toContain(failing);
  });
});
