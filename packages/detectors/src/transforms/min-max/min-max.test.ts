import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { fitAndApply, largestError, matrix } from '../../../test/run-estimator.js';

import { minMax } from './min-max.js';

interface Fixture {
  fit: number[][];
  other: number[][];
  cases: { options: { range: [number, number]; clip: boolean }; fitted: number[][]; other: number[][] }[];
}
const fixture = JSON.parse(readFileSync(new URL('../fixtures/min-max.json', import.meta.url), 'utf8')) as Fixture;
const x = matrix(fixture.fit);
const other = matrix(fixture.other);

describe("min-max equals scikit-learn's MinMaxScaler", () => {
  it.each(fixture.cases)('with $options', async ({ options, fitted, other: expected }) => {
    // float32 against float64, a few operations.
    const tolerance = 1e-5;
    expect(largestError((await fitAndApply(minMax, options, x)).data, fitted.flat())).toBeLessThan(tolerance);
    expect(largestError((await fitAndApply(minMax, options, x, other)).data, expected.flat())).toBeLessThan(tolerance);
  });
});

describe('min-max', () => {
  it('moves a constant column to the lower end and does not scale it', async () => {
    const { data } = await fitAndApply(minMax, { range: [-1, 1] }, matrix([[7], [7]]), matrix([[7], [8]]));
    expect([...data]).toEqual([-1, 1]);
  });

  it('moves a single row to the lower end', async () => {
    expect([...(await fitAndApply(minMax, {}, matrix([[3, -2]]))).data]).toEqual([0, 0]);
  });

  it.each([
    [[1, 1] as const, false],
    [[2, 1] as const, false],
    [[0, 1] as const, true],
  ])('takes the range %j: %s', (range, valid) => {
    expect(minMax.options.safeParse({ range }).success).toBe(valid);
  });
});
