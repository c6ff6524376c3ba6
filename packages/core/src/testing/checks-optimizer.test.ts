import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import type { Optimizer, OptimizerModel } from '../plugin/contract.js';
import { defineOptimizer } from '../plugin/define.js';

import { runChecks } from './check.js';
import { optimizerChecks } from './checks-optimizer.js';

/** Root-mean-square scaling, which has a slot and a division. */
const good: OptimizerModel = {
  learningRate: 0.01,
  slots: ['square'],
  update({ weight, gradient, slots, learningRate }) {
    const square = tf.add(tf.mul(slots.square!, 0.9), tf.mul(tf.square(gradient), 0.1));
    const move = tf.mul(learningRate, tf.div(gradient, tf.add(tf.sqrt(square), 1e-8)));
    return { weight: tf.sub(weight, move), slots: { square } };
  },
};

const optimizer = (model: Partial<OptimizerModel>): Optimizer =>
  defineOptimizer({
    name: 'example',
    version: 1,
    summary: '',
    options: z.strictObject({}),
    create: () => ({ ...good, ...model }),
  });

const failures = async (component: Optimizer) =>
  (await runChecks(optimizerChecks, component)).filter(({ error }) => error !== undefined).map(({ name }) => name);

describe('optimizerChecks', () => {
  it('pass an optimizer that keeps its contract', async () => {
    expect(await failures(optimizer({}))).toEqual([]);
  });

  it.each<[hazard: string, failing: string, model: Partial<OptimizerModel>]>([
    [
      'climbs',
      'walks down a quadratic',
      { update: (state) => good.update({ ...state, learningRate: tf.neg(state.learningRate) }) },
    ],
    [
      'forgets a slot',
      'gives the weight and every slot back in the shape of the weight',
      { update: (state) => ({ weight: good.update(state).weight, slots: {} }) },
    ],
    [
      'sums a slot up',
      'gives the weight and every slot back in the shape of the weight',
      { update: (state) => ({ ...good.update(state), slots: { square: tf.sum(state.gradient) } }) },
    ],
    [
      'disposes of its gradient',
      'leaves what it is given unchanged',
      {
        update(state) {
          const result = good.update(state);
          state.gradient.dispose();
          return result;
        },
      },
    ],
    [
      'divides by a gradient of zero',
      'stays finite without a gradient, in the first step and much later',
      {
        update: ({ weight, gradient, slots, learningRate }) => ({
          weight: tf.sub(weight, tf.mul(learningRate, tf.div(gradient, tf.abs(gradient)))),
          slots,
        }),
      },
    ],
    [
      'ignores the schedule',
      'does not move at a learning rate of 0',
      { update: (state) => good.update({ ...state, learningRate: tf.scalar(0.01) }) },
    ],
  ])('find an optimizer that %s', async (_, failing, model) => {
    expect(await failures(optimizer(model))).toContain(failing);
  });
});
