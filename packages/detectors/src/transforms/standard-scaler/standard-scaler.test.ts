import { readFileSync } from 'node:fs';

import { float32 } from '@kindred/core';
import { describe, expect, it } from 'vitest';

import { fitAndApply, largestError, matrix } from '../../../test/run-estimator.js';

import { columnMoments } from './moments.js';
import { standardScaler } from './standard-scaler.js';

interface Fixture {
  fit: number[][];
  other: number[][];
  cases: {
    options: { withMean: boolean; withStd: boolean };
    state: { mean_?: number[]; scale_?: number[] };
    fitted: number[][];
    other: number[][];
  }[];
}
const fixture = JSON.parse(
  readFileSync(new URL('../fixtures/standard-scaler.json', import.meta.url), 'utf8'),
) as Fixture;
const x = matrix(fixture.fit);
const other = matrix(fixture.other);

describe("standard-scaler equals scikit-learn's StandardScaler", () => {
  it('in mean and scale, a constant column having scale 1', () => {
    const { mean_, scale_ } = fixture.cases[0]!.state;
    const { mean, scale } = columnMoments(x);
    // float64 on both sides.
    expect(largestError(mean, mean_!)).toBeLessThan(1e-12);
    expect(largestError(scale, scale_!)).toBeLessThan(1e-12);
    expect(scale_![4]).toBe(1);
  });

  it.each(fixture.cases)('with $options', async ({ options, fitted, other: expected }) => {
    // float32 against float64: a column around 1000 with deviations around 300 loses three digits of seven in the subtraction.
    const tolerance = 1e-5;
    expect(largestError((await fitAndApply(standardScaler, options, x)).data, fitted.flat())).toBeLessThan(tolerance);
    const applied = await fitAndApply(standardScaler, options, x, other);
    expect(largestError(applied.data, expected.flat())).toBeLessThan(tolerance);
  });
});

describe('standard-scaler', () => {
  it('makes a single row zero: every column is constant', async () => {
    expect([...(await fitAndApply(standardScaler, {}, matrix([[3, -2, 1e6]]))).data]).toEqual([0, 0, 0]);
  });

  it('takes a large constant that sums inexactly for a constant', () => {
    const rows = 1000;
    const { scale } = columnMoments(float32([rows, 1], new Float32Array(rows).fill(123456.789)));
    expect([...scale]).toEqual([1]);
  });

  it('keeps apart what differs in the last bit of float32', () => {
    const { mean, scale } = columnMoments(float32([2, 1], [1, 1 + 2 ** -23]));
    expect([mean[0], scale[0]]).toEqual([1 + 2 ** -24, 2 ** -24]);
  });

  it('does not divide by a spread too small for float32', async () => {
    const { data } = await fitAndApply(standardScaler, {}, matrix([[0], [1e-42]]));
    expect(data.every(Number.isFinite)).toBe(true);
  });

  it('refuses features of another width instead of stretching them', async () => {
    await expect(fitAndApply(standardScaler, {}, x, matrix([[1], [2]]))).rejects.toMatchObject({
      code: 'KINDRED_FEATURES_INVALID',
      message: 'Features for standard-scaler must have the shape [N, 6] that it was fitted on. Got [2, 1].',
    });
  });
});
