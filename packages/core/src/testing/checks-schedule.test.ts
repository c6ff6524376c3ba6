import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import type { TrainingMoment } from '../plugin/contract.js';
import { defineSchedule } from '../plugin/define.js';

import { runChecks } from './check.js';
import { scheduleChecks } from './checks-schedule.js';

type Factor = (moment: TrainingMoment) => number;

const failures = async (create: () => Factor) => {
  const schedule = defineSchedule({ name: 'example', version: 1, summary: '', options: z.strictObject({}), create });
  return (await runChecks(scheduleChecks, schedule)).filter(({ error }) => error !== undefined).map(({ name }) => name);
};

describe('scheduleChecks', () => {
  it('pass a schedule that keeps its contract', async () => {
    expect(
      await failures(
        () =>
          ({ position, epochs }) =>
            1 - position / epochs,
      ),
    ).toEqual([]);
  });

  it.each<[hazard: string, failing: RegExp, create: () => Factor]>([
    [
      'falls below 0',
      /^gives finite factors/,
      () =>
        ({ position, epochs }) =>
          0.9 - position / epochs,
    ],
    [
      'divides by epochs before the last',
      /^gives finite factors/,
      () =>
        ({ position, epochs }) =>
          Math.abs(position) / (epochs - 1),
    ],
    [
      'divides by a loss of zero',
      /^gives finite factors/,
      () =>
        ({ validationLosses }) =>
          1 / Math.abs(validationLosses.at(-1) ?? 1),
    ],
    [
      'counts its calls',
      /^is a pure function/,
      () => {
        let calls = 0;
        return () => 0.9 ** calls++;
      },
    ],
    [
      'sorts the losses',
      /^leaves the losses/,
      () =>
        ({ validationLosses }) => {
          (validationLosses as number[]).sort();
          return 1;
        },
    ],
  ])('find a schedule that %s', async (_, failing, create) => {
    expect(await failures(create)).toContainEqual(expect.stringMatching(failing));
  });
});
