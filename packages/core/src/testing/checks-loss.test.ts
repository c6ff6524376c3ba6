import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import type { Loss, LossFunction } from '../plugin/contract.js';
import { defineLoss } from '../plugin/define.js';

import { runChecks } from './check.js';
import { lossChecks } from './checks-loss.js';

const crossEntropy: LossFunction = (logits, targets) => tf.sub(tf.softplus(logits), tf.mul(logits, targets));

const loss = (elementLoss: LossFunction): Loss =>
  defineLoss({ name: 'example', version: 1, summary: '', options: z.strictObject({}), create: () => elementLoss });

const failures = async (component: Loss) =>
  (await runChecks(lossChecks, component)).filter(({ error }) => error !== undefined).map(({ name }) => name);

describe('lossChecks', () => {
  it('pass a loss that keeps its contract', async () => {
    expect(await failures(loss(crossEntropy))).toEqual([]);
  });

  it.each<[hazard: string, failing: string, elementLoss: LossFunction]>([
    [
      'takes the mean itself',
      'gives one loss for each image and label',
      (logits, targets) => tf.mean(crossEntropy(logits, targets), 1, true),
    ],
    [
      'takes the logarithm of a probability that underflows',
      'is finite and not negative, however sure or wrong a logit is',
      (logits, targets) => {
        const p = tf.sigmoid(logits);
        return tf.neg(tf.add(tf.mul(targets, tf.log(p)), tf.mul(tf.sub(1, targets), tf.log(tf.sub(1, p)))));
      },
    ],
    [
      'mixes up positives and negatives',
      'is lower for a right than for a wrong logit',
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
});
