import { defineOptimizer, type OptimizerModel } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';

const VELOCITY = 'velocity';

/**
 * Gradient descent, with momentum as Keras has it: `v <- momentum v - rate g`, `w <- w + v`, or `w + momentum v - rate g` with
 * Nesterov's look-ahead. `rate = learningRate / (1 + decay (step - 1))`. `weightDecay` is the penalty `weightDecay / 2 |w|^2`.
 */
export const sgd = defineOptimizer({
  name: 'sgd',
  version: 1,
  summary: 'Stochastic gradient descent, with or without momentum.',
  options: z
    .strictObject({
      learningRate: z.number().positive().default(0.01),
      momentum: z.number().min(0).lt(1).default(0),
      nesterov: z.boolean().default(false).describe("Nesterov's momentum; needs a momentum above 0."),
      weightDecay: z.number().min(0).default(0).describe('L2 penalty, added to the gradient.'),
      decay: z.number().min(0).default(0).describe('Inverse-time decay of the learning rate for each step.'),
    })
    .refine(({ nesterov, momentum }) => !nesterov || momentum > 0, {
      path: ['nesterov'],
      message: 'needs a momentum above 0',
    }),
  create: ({ learningRate, momentum, nesterov, weightDecay, decay }) => ({
    learningRate,
    slots: momentum > 0 ? [VELOCITY] : [],
    update({ weight, gradient, slots, step, learningRate: base }): ReturnType<OptimizerModel['update']> {
      const slope = weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(weight, weightDecay));
      const rate = decay === 0 ? base : tf.div(base, tf.add(1, tf.mul(tf.sub(step, 1), decay)));
      const descent = tf.mul(slope, rate);
      const before = slots[VELOCITY];
      if (before === undefined) return { weight: tf.sub(weight, descent), slots };
      const velocity = tf.sub(tf.mul(before, momentum), descent);
      const move = nesterov ? tf.sub(tf.mul(velocity, momentum), descent) : velocity;
      return { weight: tf.add(weight, move), slots: { [VELOCITY]: velocity } };
    },
  }),
});
