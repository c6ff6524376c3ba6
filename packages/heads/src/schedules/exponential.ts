import { defineSchedule } from '@kindred/core';
import { z } from 'zod';

/** `factor ^ position`: a little less at every step. */
export const exponential = defineSchedule({
  name: 'exponential',
  version: 1,
  summary: 'The learning rate falls by the same share in each epoch, a little at every step.',
  options: z.strictObject({
    factor: z.number().positive().max(1).default(0.95).describe('What of the learning rate is left after an epoch.'),
  }),
  create:
    ({ factor }) =>
    ({ position }) =>
      factor ** position,
});
