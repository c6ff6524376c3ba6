import { defineOptimizer } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';

import { ADAM_SLOTS, adamOptions, adamStep } from './adam-step.js';

/** Adam (Kingma and Ba 2015, https://arxiv.org/abs/1412.6980), with PyTorch's placement of epsilon. */
export const adam = defineOptimizer({
  name: 'adam',
  version: 1,
  summary: 'Gradient descent with a step size of its own for each weight (Kingma 2015).',
  options: z.strictObject(adamOptions),
  docs: 'https://arxiv.org/abs/1412.6980',
  create: ({ learningRate, ...options }) => ({
    learningRate,
    slots: ADAM_SLOTS,
    update(state) {
      const { move, slots } = adamStep(state, options);
      return { weight: tf.sub(state.weight, move), slots };
    },
  }),
});
