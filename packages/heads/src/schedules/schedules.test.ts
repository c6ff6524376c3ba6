import { readFileSync } from 'node:fs';

import type { Schedule } from '@kindred/core';
import { scheduleChecks } from '@kindred/core/testing';
import { describe, expect, it } from 'vitest';

import { cosine } from './cosine.js';
import { exponential } from './exponential.js';
import { reduceOnPlateau } from './reduce-on-plateau.js';
import { step } from './step.js';

interface Case {
  readonly options: object;
  /** Moments in an epoch. */
  readonly steps: number;
  readonly factors: readonly number[];
}

// tools/fixtures/make_schedules.py: factors of PyTorch's schedulers.
const reference = JSON.parse(readFileSync(new URL('./fixtures/schedules.json', import.meta.url), 'utf8')) as {
  readonly epochs: number;
  readonly schedules: Readonly<Record<string, readonly Case[]>>;
  readonly plateau: readonly (Omit<Case, 'steps'> & { readonly losses: readonly number[] })[];
};
const { epochs } = reference;

const factorsOf = (schedule: Schedule, options: object) => schedule.create(schedule.options.parse(options));

describe.each([cosine, step, exponential] as Schedule[])('$name', (schedule) => {
  const cases = reference.schedules[schedule.name] ?? [];

  it.each(cases.map((item) => [item.options, item] as const))('with %j falls as in PyTorch', (options, item) => {
    const factor = factorsOf(schedule, options);
    item.factors.forEach((expected, i) => {
      const moment = { position: i / item.steps, epochs, validationLosses: [] };
      // PyTorch multiplies from step to step, in double precision.
      expect(factor(moment)).toBeCloseTo(expected, 12);
    });
    expect(item.factors.length).toBeGreaterThan(0);
  });
});

describe.each([
  [cosine, {}],
  [cosine, { restartAfter: 1.5, restartGrowth: 2 }],
  [step, { every: 3 }],
  [exponential, {}],
  [reduceOnPlateau, { patience: 1 }],
] as [Schedule, object][])('%o with %j', (schedule, options) => {
  it.each(scheduleChecks)('$name', async ({ run }) => {
    await run(schedule, options);
  });
});

describe('cosine', () => {
  it('goes between its ends, half-way in the middle', () => {
    const factor = factorsOf(cosine, { finalFactor: 0.2 });
    const at = (position: number) => factor({ position, epochs: 10, validationLosses: [] });
    [1, 0.6, 0.2].forEach((expected, i) => expect(at(5 * i)).toBeCloseTo(expected, 12));
  });

  it('begins anew after cycles that grow', () => {
    const factor = factorsOf(cosine, { restartAfter: 2, restartGrowth: 2 });
    const at = (position: number) => factor({ position, epochs: 10, validationLosses: [] });
    // Cycles from 0 to 2, 2 to 6 and 6 to 14.
    expect([at(0), at(2), at(6)]).toEqual([1, 1, 1]);
    [at(1), at(4), at(10)].forEach((middle) => expect(middle).toBeCloseTo(0.5, 12));
    expect(at(5.999)).toBeLessThan(1e-6);
  });

  it('refuses cycles that grow without a first one', () => {
    const result = cosine.options.safeParse({ restartGrowth: 2 });
    expect(result.error?.issues).toMatchObject([{ path: ['restartGrowth'], message: 'needs "restartAfter"' }]);
  });
});

describe('reduce-on-plateau', () => {
  it.each(reference.plateau.map((item) => [item.options, item] as const))(
    'with %j falls as in PyTorch',
    (options, item) => {
      const factor = factorsOf(reduceOnPlateau, options);
      item.factors.forEach((expected, epoch) => {
        const moment = { position: epoch + 0.5, epochs: 50, validationLosses: item.losses.slice(0, epoch) };
        expect(factor(moment), `epoch ${epoch + 1}`).toBeCloseTo(expected, 12);
      });
    },
  );

  it('has fallen at the end of most of these cases', () => {
    expect(reference.plateau.filter(({ factors }) => (factors.at(-1) ?? 1) < 1)).toHaveLength(7);
  });
});
