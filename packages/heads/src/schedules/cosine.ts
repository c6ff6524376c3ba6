import { defineSchedule } from '@kindred/core';
import { z } from 'zod';

/**
 * Half a cosine from 1 down to `finalFactor`, over the whole training or in cycles that begin anew (Loshchilov and Hutter 2017, SGDR,
 * https://arxiv.org/abs/1608.03983, equation 5).
 */
export const cosine = defineSchedule({
  name: 'cosine',
  version: 1,
  summary: 'The learning rate falls along half a cosine, with or without restarts (Loshchilov 2017).',
  options: z
    .strictObject({
      finalFactor: z
        .number()
        .min(0)
        .max(1)
        .default(0)
        .describe('What the learning rate is multiplied with at the end.'),
      restartAfter: z
        .number()
        .positive()
        .optional()
        .describe('Epochs after which the learning rate goes back to where it began. Left out: never.'),
      restartGrowth: z
        .number()
        .min(1)
        .default(1)
        .describe('How many times as long as the one before each cycle is; for "restartAfter".'),
    })
    .refine(({ restartAfter, restartGrowth }) => restartAfter !== undefined || restartGrowth === 1, {
      path: ['restartGrowth'],
      message: 'needs "restartAfter"',
    }),
  docs: 'https://arxiv.org/abs/1608.03983',
  create:
    ({ finalFactor, restartAfter, restartGrowth }) =>
    ({ position, epochs }) => {
      const done = restartAfter === undefined ? position / epochs : partOfCycle(position, restartAfter, restartGrowth);
      return finalFactor + ((1 - finalFactor) * (1 + Math.cos(Math.PI * Math.min(done, 1)))) / 2;
    },
});

/** How much of its cycle has passed at a position: the cycles take `first`, `first growth`, `first growth^2`, ... epochs. */
function partOfCycle(position: number, first: number, growth: number): number {
  if (growth === 1) return (position % first) / first;
  let [start, length] = [0, first];
  while (position >= start + length) [start, length] = [start + length, length * growth];
  return (position - start) / length;
}
