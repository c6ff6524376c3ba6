import { readFileSync } from 'node:fs';

import type { NdArray } from '@kindred/core';
import { createTestContext } from '@kindred/core/testing';
import { describe, expect, it } from 'vitest';

import { fitAndApply, matrix } from '../../../test/run-estimator.js';

import { oneClassSvm } from './one-class-svm.js';

interface Case {
  data: string;
  options: { nu: number; kernel?: string; gamma?: string | number; degree?: number; coef0?: number };
  gamma: number;
  offset: number;
  support: number;
  alphaSum: number;
  /** Of the training rows, then of the other rows. */
  decisions: number[];
}
const { sets, other, cases } = JSON.parse(
  readFileSync(new URL('./fixtures/one-class-svm.json', import.meta.url), 'utf8'),
) as { sets: Record<string, number[][]>; other: number[][]; cases: Case[] };

/** Solved as closely as the fixtures: what remains is float32. */
const CLOSE = { tolerance: 1e-7 };
const plain = matrix(sets['plain']!);

const fit = (options: object, x = plain, ctx = createTestContext()) =>
  oneClassSvm.fit(oneClassSvm.options.parse(options), { x }, ctx);

/** The largest difference, relative to the largest value: near the boundary decision values are differences of greater ones. */
function errorOf(actual: NdArray, expected: readonly number[]): number {
  const scale = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((value, i) => Math.abs(actual.data[i]! - value))) / scale;
}

describe("one-class-svm equals scikit-learn's OneClassSVM", () => {
  it.each(cases)('on $data rows with $options', async ({ data, options, gamma, offset, alphaSum, decisions }) => {
    const x = matrix(sets[data]!);
    const { json, tensors } = await fit({ ...options, ...CLOSE }, x);
    expect(json.gamma).toBeCloseTo(gamma, 12);
    // The kernel matrix in float32; alphas sum to nu N and so the offset is of that size.
    expect(Math.abs(json.offset - offset) / Math.max(Math.abs(offset), alphaSum)).toBeLessThan(1e-5);
    if (tensors['coefficients']) {
      expect([...tensors['coefficients'].data].reduce((sum, alpha) => sum + alpha, 0)).toBeCloseTo(alphaSum, 5);
    }
    const scores = await fitAndApply(oneClassSvm, { ...options, ...CLOSE }, x, matrix([...sets[data]!, ...other]));
    expect(scores.shape).toEqual([x.shape[0]! + other.length]);
    expect(errorOf(scores, decisions)).toBeLessThan(1e-3);
  });

  it('to its default tolerance, too', async () => {
    const { options, decisions } = cases.find(({ options: { nu } }) => nu === 0.5)!;
    const scores = await fitAndApply(oneClassSvm, options, plain, matrix([...sets['plain']!, ...other]));
    expect(errorOf(scores, decisions)).toBeLessThan(1e-3);
  });
});

describe('one-class-svm', () => {
  it('leaves at most the share nu outside and has at least that share of support vectors', async () => {
    for (const nu of [0.05, 0.2, 0.6]) {
      const { tensors, notes } = await fit({ nu });
      const scores = await fitAndApply(oneClassSvm, { nu }, plain);
      const outside = scores.data.filter((score) => score < 0).length;
      expect(outside).toBeLessThanOrEqual(nu * 60);
      expect(tensors['coefficients']!.shape[0]).toBeGreaterThanOrEqual(nu * 60);
      expect(notes).toEqual([]);
    }
  });

  it('keeps support vectors alone, and of the linear kernel the weights alone', async () => {
    const { options, support } = cases.find(({ options: { nu } }) => nu === 0.5)!;
    const { tensors } = await fit({ ...options, ...CLOSE });
    expect(tensors['supportVectors']!.shape).toEqual([support, 5]);
    expect(Object.keys((await fit({ kernel: 'linear' })).tensors)).toEqual(['weights']);
  });

  it('with nu 1, which libsvm cannot do, puts the boundary at the most normal training image and says so', async () => {
    const { notes } = await fit({ nu: 1 });
    const scores = await fitAndApply(oneClassSvm, { nu: 1 }, plain);
    // Kernel sums of about 32 in float32, and the margin for it.
    expect(Math.max(...scores.data)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...scores.data)).toBeLessThan(1e-4);
    expect(notes).toEqual([expect.stringContaining('With nu 1 the boundary')]);
  });

  it('says when it stopped before it converged', async () => {
    const { notes } = await fit({ maxIterations: 2 });
    expect(notes).toEqual([expect.stringMatching(/stopped after 2 iterations .* violated by .* tolerance is 0\.001/)]);
  });

  it.each([
    ['gamma is too small for the features', { gamma: 1e-7 }, plain],
    ['all rows are equal', {}, matrix(sets['constant']!)],
  ])('says that scores are inexact where %s', async (_, options, x) => {
    expect((await fit(options, x)).notes).toEqual([expect.stringContaining('look almost alike to one-class-svm')]);
  });

  it('keeps scores far from the origin exact in float32', async () => {
    const shifted = matrix(sets['plain']!.map((row) => row.map((value) => value + 4096)));
    const options = { nu: 0.1, gamma: 0.05 };
    const scores = await fitAndApply(oneClassSvm, options, shifted);
    // Features of three decimals lose half a thousandth at 4096.
    expect(errorOf(scores, [...(await fitAndApply(oneClassSvm, options, plain)).data])).toBeLessThan(5e-3);
  });

  it.each([
    ['nu', 0],
    ['nu', 1.01],
    ['gamma', 0],
    ['gamma', 'median'],
    ['degree', 2.5],
    ['kernel', 'laplacian'],
    ['tolerance', 0],
    ['maxIterations', 0],
    ['contamination', 0.1],
  ])('refuses the option %s: %s', (name, value) => {
    expect(oneClassSvm.options.safeParse({ [name]: value }).success).toBe(false);
  });

  it('refuses kernel values that float32 cannot hold', async () => {
    const huge = matrix([
      [1e15, 2e15],
      [3e15, 1e15],
    ]);
    await expect(fit({ kernel: 'polynomial', gamma: 1 }, huge)).rejects.toMatchObject({
      code: 'KINDRED_SCORES_INVALID',
      message:
        'Kernel values of one-class-svm must be finite numbers. Got others from the polynomial kernel with gamma 1, degree 3 and coef0 0.',
    });
  });

  it.each(['rbf', 'linear'])('with the %s kernel refuses features of another width', async (kernel) => {
    await expect(fitAndApply(oneClassSvm, { kernel }, plain, matrix([[1], [2]]))).rejects.toMatchObject({
      code: 'KINDRED_FEATURES_INVALID',
      message: 'Features for one-class-svm must have the shape [N, 5] that it was fitted on. Got [2, 1].',
    });
  });

  it('refuses features that are not finite', async () => {
    await expect(fit({}, matrix([[1, NaN]]))).rejects.toMatchObject({ code: 'KINDRED_FEATURES_INVALID' });
  });

  it('stops when the run is stopped', async () => {
    const ctx = createTestContext({ signal: AbortSignal.abort(new Error('stopped')) });
    await expect(fit({}, plain, ctx)).rejects.toThrow('stopped');
  });
});
