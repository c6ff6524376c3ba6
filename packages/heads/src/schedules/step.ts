import { defineSchedule } from '@kindred/core';
import { z } from 'zod';

/** `factor ^ floor(position / every)`: a staircase. */
export const step = defineSchedule({
  name: 'step',
  version: 1,
  summary: 'The learning rate falls to a share of itself every so many epochs.',
  options: z.strictObject({
    every: z.int().min(1).default(10).describe('Epochs between two falls.'),
    factor: z.number().positive().max(1).default(0.1).describe('What the learning rate is multiplied with each time.'),
  }),
  create:
    ({ every, factor }) =>
    ({ position }) =>
      factor ** Math.floor(position / every),
});
