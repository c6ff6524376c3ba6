import { describe, expect, it } from 'vitest';

import { descent, drawData, linearTask, services } from '../../test/support/training.js';
import type { TrainingMoment } from '../plugin/contract.js';

import { learningRateAt } from './learning-rate.js';
import { memoryBatches } from './memory-batches.js';
import type { BatchSource, TrainingOptions } from './task.js';
import { trainNetwork } from './train-network.js';

const at = (position: number): TrainingMoment => ({ position, epochs: 10, validationLosses: [] });
const optimizer = descent(0.4);

describe('learningRateAt', () => {
  it('is constant by default', () => {
    expect([0, 3.3, 10].map((position) => learningRateAt({ optimizer }, at(position)))).toEqual([0.4, 0.4, 0.4]);
  });

  it('rises in a line from 0 while it warms up, the schedule going on meanwhile', () => {
    const schedule = ({ position }: TrainingMoment) => 1 - position / 10;
    const rates = [0, 1, 2, 5].map((position) => learningRateAt({ optimizer, schedule, warmup: 2 }, at(position)));
    expect(rates).toEqual([0, 0.4 * 0.9 * 0.5, 0.4 * 0.8, 0.4 * 0.5]);
  });

  it.each([NaN, Infinity, -0.1])('refuses the factor %d of a schedule', (factor) => {
    expect(() => learningRateAt({ optimizer, schedule: () => factor }, at(2.5))).toThrow(
      `The factor of a schedule must be a finite number that is not below 0. Got ${factor} at the position 2.5 of 10 epochs.`,
    );
  });
});

describe('a schedule is asked', () => {
  const whole = memoryBatches(drawData(10, 2), { batchSize: 4 });
  const momentsOf = async (batches: BatchSource, options: Partial<TrainingOptions> = {}) => {
    const moments: TrainingMoment[] = [];
    const schedule = (moment: TrainingMoment) => (moments.push(moment), 1);
    await trainNetwork(linearTask([0, 0]), batches, { epochs: 2, optimizer, schedule, ...options }, services());
    return moments;
  };

  it('at every step, by the samples done', async () => {
    const moments = await momentsOf(whole);
    expect(moments.map(({ position }) => position)).toEqual([0, 0.4, 0.8, 1, 1.4, 1.8]);
    expect(moments.at(-1)).toEqual({ position: 1.8, epochs: 2, validationLosses: [NaN] });
  });

  it('by whole epochs where nobody knows how many samples there are', async () => {
    const moments = await momentsOf({ epoch: (epoch) => whole.epoch(epoch) });
    expect(moments.map(({ position }) => position)).toEqual([0, 0, 0, 1, 1, 1]);
  });

  it('with the losses on held-out samples of the epochs done', async () => {
    const moments = await momentsOf(whole, { epochs: 3, validate: (_, epoch) => Promise.resolve(epoch / 2) });
    expect(moments.map(({ validationLosses }) => validationLosses)).toEqual([
      [],
      [],
      [],
      [0.5],
      [0.5],
      [0.5],
      [0.5, 1],
      [0.5, 1],
      [0.5, 1],
    ]);
  });
});
