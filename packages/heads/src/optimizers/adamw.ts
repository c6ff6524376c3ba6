import { defineOptimizer } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';

import { ADAM_SLOTS, adamOptions, adamStep } from './adam-step.js';

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019, https://arxiv.org/abs/1711.05101). As in PyTorch, the weight
 * shrinks by `learningRate * weightDecay` before Adam's step.
 */
export const adamw = defineOptimizer({
  name: 'adamw',
  version: 1,
  summary: 'Adam whose weight decay does not pass through the gradient (Loshchilov 2019).',
  options: z.strictObject({ ...adamOptions, weightDecay: z.number().min(0).default(0.01) }),
  docs: 'https://arxiv.org/abs/1711.05101',
  create: ({ learningRate, weightDecay, ...options }) => ({
    learningRate,
    slots: ADAM_SLOTS,
    update(state) {
      const { move, slots } = adamStep(state, options);
      const shrunk = tf.mul(state.weight, tf.sub(1, tf.mul(state.learningRate, weightDecay)));
      return { weight: tf.sub(shrunk, move), slots };
    },
  }),
});
