import { defineSchedule } from '@kindred/core';
import { z } from 'zod';

/**
 * As PyTorch's ReduceLROnPlateau with a relative threshold. The past is played again at every moment, so that nothing has to be
 * remembered: a loss is better than the best one so far if it is below `best (1 - threshold)`.
 */
export const reduceOnPlateau = defineSchedule({
  name: 'reduce-on-plateau',
  version: 1,
  summary: 'The learning rate falls whenever the loss on the validation part has not fallen for some epochs.',
  options: z.strictObject({
    factor: z.number().positive().lt(1).default(0.1).describe('What the learning rate is multiplied with each time.'),
    patience: z
      .int()
      .min(0)
      .default(10)
      .describe('Epochs in a row without a lower loss that are let pass; the next one lowers the learning rate.'),
    minFactor: z.number().min(0).max(1).default(0).describe('The least of the first learning rate that is kept.'),
    threshold: z
      .number()
      .min(0)
      .lt(1)
      .default(1e-4)
      .describe('The share of the lowest loss by which another must be lower to count.'),
  }),
  tags: { needsHeldOut: true },
  create:
    ({ factor, patience, minFactor, threshold }) =>
    ({ validationLosses }) => {
      let [current, best, bad] = [1, Infinity, 0];
      for (const loss of validationLosses) {
        if (loss < best * (1 - threshold)) [best, bad] = [loss, 0];
        else bad++;
        if (bad > patience) [current, bad] = [Math.max(current * factor, minFactor), 0];
      }
      return current;
    },
});
