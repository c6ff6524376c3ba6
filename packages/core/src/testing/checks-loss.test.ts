import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import type { Loss, LossFunction, LossInput } from '../plugin/contract.js';
import { defineLoss } from '../plugin/define.js';

import { runChecks } from './check.js';
import { lossChecks } from './checks-loss.js';

const crossEntropy: LossFunction = (logits, targets) => tf.sub(tf.softplus(logits), tf.mul(logits, targets));

const loss = (elementLoss: LossFunction, of: LossInput = 'logits'): Loss =>
  defineLoss({ name: 'example', version: 1, summary: '', options: z.strictObject({}), of, create: () => elementLoss });

/** Draws pairs of the same together, pushes others beyond 1. */
const ofDistances: LossFunction = (d, t) => tf.where(tf.equal(t, 1), d, tf.relu(tf.sub(1, d)));
/** How much nearer the other is than the same. */
const nearer = (d: tf.Tensor): tf.Tensor => {
  const [positive, negative] = tf.unstack(d, 1);
  return tf.sub(positive!, negative!);
};

const failures = async (component: Loss) =>
  (await runChecks(lossChecks, component)).filter(({ error }) => error !== undefined).map(({ name }) => name);

describe('lossChecks', () => {
  it('pass a loss that keeps its contract', async () => {
    expect(await failures(loss(crossEntropy))).toEqual([]);
  });

  it.each<[hazard: string, failing: string, elementLoss: LossFunction]>([
    [
      'takes the mean itself',
      'gives one loss for each element: each image and label, each pair, each triplet',
      (logits, targets) => tf.mean(crossEntropy(logits, targets), 1, true),
    ],
    [
      'takes the logarithm of a probability that underflows',
      'is finite and not negative, however sure or wrong its input is',
      (logits, targets) => {
        const p = tf.sigmoid(logits);
        return tf.neg(tf.add(tf.mul(targets, tf.log(p)), tf.mul(tf.sub(1, targets), tf.log(tf.sub(1, p)))));
      },
    ],
    [
      'mixes up positives and negatives',
      'is lower where right than where wrong',
      (logits, targets) => crossEntropy(logits, tf.sub(1, targets)),
    ],
    [
      'has a gradient of its own that is wrong',
      'has the gradient that finite differences show',
      (logits, targets) =>
        tf.customGrad((...args) => {
          // tf.customGrad types its arguments as tensors alone; the last one is the function that saves them.
          const [x, save] = args as unknown as [tf.Tensor, tf.GradSaveFunc];
          save([x]);
          return {
            value: crossEntropy(x, targets),
            gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(dy, tf.sigmoid(saved[0]!)),
          };
        })(logits),
    ],
  ])('find a loss that %s', async (_, failing, elementLoss) => {
    expect(await failures(loss(elementLoss))).toContain(failing);
  });

  it('pass losses of pairs and of triplets', async () => {
    expect(await failures(loss(ofDistances, 'distances'))).toEqual([]);
    expect(await failures(loss((d) => tf.softplus(nearer(d)), 'triplets'))).toEqual([]);
  });

  it.each<[hazard: string, failing: string, elementLoss: LossFunction, of: LossInput]>([
    [
      'gives a loss of pairs where triplets were given',
      'gives one loss for each element: each image and label, each pair, each triplet',
      ofDistances,
      'triplets',
    ],
    [
      'takes the logarithm of a distance of 0',
      'is finite and not negative, however sure or wrong its input is',
      (d, t) => tf.where(tf.equal(t, 1), d, tf.relu(tf.neg(tf.log(d)))),
      'distances',
    ],
    [
      'pushes the same apart',
      'is lower where right than where wrong',
      (d, t) => ofDistances(d, tf.sub(1, t)),
      'distances',
    ],
    [
      'wants the other nearer',
      'is lower where right than where wrong',
      (d) => tf.softplus(tf.neg(nearer(d))),
      'triplets',
    ],
    [
      'overflows where the other is much nearer',
      'is finite and not negative, however sure or wrong its input is',
      (d) => tf.log(tf.add(1, tf.exp(nearer(d)))),
      'triplets',
    ],
  ])('find a loss that %s', async (_, failing, elementLoss, of) => {
    expect(await failures(loss(elementLoss, of))).toContain(failing);
  });
});
