import { readFileSync } from 'node:fs';

import { createRandom, float32, type NdArray } from '@kindred/core';
import { createTestContext } from '@kindred/core/testing';
import { describe, expect, it } from 'vitest';

import { fitAndApply, largestError, matrix } from '../../../test/run-estimator.js';
import { centre, sumOfSquares } from '../../linalg/centre.js';
import { gram } from '../../linalg/products.js';
import { boundaryOf } from '../boundary/contamination.js';

import { heldOutDistances } from './held-out.js';
import { mahalanobis } from './mahalanobis.js';
import { ledoitWolfShrinkage } from './shrinkage.js';

interface Case {
  options: { covariance: 'empirical' | 'ledoit-wolf' };
  fit: number[][];
  other: number[][];
  shrinkage: number;
  distances: number[];
  training: number[];
}
const { cases } = JSON.parse(readFileSync(new URL('fixtures/mahalanobis.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};
const named = cases.map((each) => ({ ...each, rows: each.fit.length, columns: each.fit[0]!.length }));

const fit = (options: object, x: NdArray<'float32'>) =>
  mahalanobis.fit(mahalanobis.options.parse(options), { x }, createTestContext());

function normal(rows: number, columns: number, scale = 1) {
  const random = createRandom(rows);
  return float32(
    [rows, columns],
    Array.from({ length: rows * columns }, () => random.normal() * scale),
  );
}

describe("mahalanobis equals scikit-learn's", () => {
  it.each(named)('$options.covariance of $rows images of $columns features', async (each) => {
    const x = matrix(each.fit);
    const { json } = await fit(each.options, x);
    // Sums of float32 products.
    expect(largestError([json.shrinkage], [each.shrinkage])).toBeLessThan(1e-5);
    const sets = [
      [each.distances, await fitAndApply(mahalanobis, each.options, x, matrix(each.other))] as const,
      [each.training, await fitAndApply(mahalanobis, each.options, x)] as const,
    ];
    for (const [expected, scores] of sets) {
      const distances = Float64Array.from(scores.data, (score) => -score - json.offset);
      // The condition of these covariances, up to 1e4, times the rounding of float32.
      expect(largestError(distances, expected)).toBeLessThan(1e-3);
    }
  });

  it.each(named)('distances from which the boundary is taken, $rows x $columns', async (each) => {
    const { json } = await fit({ ...each.options, contamination: 0.2 }, matrix(each.fit));
    const heldOut = heldOutDistances(Float64Array.from(each.training), each.shrinkage);
    const boundary = boundaryOf(
      heldOut.map((distance) => -distance),
      0.2,
    );
    expect(largestError([json.offset / boundary], [1])).toBeLessThan(1e-3);
  });
});

describe('the shrinkage of Ledoit and Wolf', () => {
  it('is none for independent columns of many images, and all for equal variances', async () => {
    const shrinkageOf = async (x: NdArray<'float32'>) => {
      const { deviations } = centre(x);
      return ledoitWolfShrinkage(deviations, sumOfSquares(await gram(deviations, createTestContext())));
    };
    const spread = normal(4000, 2);
    for (let i = 0; i < spread.data.length; i += 2) spread.data[i]! *= 10;
    expect(await shrinkageOf(spread)).toBeLessThan(0.01);
    expect(
      await shrinkageOf(
        matrix([
          [1, 0],
          [-1, 0],
          [0, 1],
          [0, -1],
        ]),
      ),
    ).toBe(0);
  });
});

describe('held-out distances', () => {
  // One feature: the mean and the variance of the others, with the divisor N, by hand.
  it('are those from the other images', () => {
    const values = [1, 2, 4, 9];
    const from = (others: number[], divisor: number) => {
      const mean = others.reduce((sum, value) => sum + value, 0) / others.length;
      const variance = others.reduce((sum, value) => sum + (value - mean) ** 2, 0) / divisor;
      return (value: number) => (value - mean) ** 2 / variance;
    };
    const heldOut = heldOutDistances(Float64Array.from(values, from(values, 4)), 0);
    const expected = values.map((value, i) => from(values.toSpliced(i, 1), 4)(value));
    expect(largestError(heldOut, expected)).toBeLessThan(1e-12);
  });

  it('of an image that alone varies in a direction stay finite', () => {
    expect([...heldOutDistances(Float64Array.of(3, 1, 1, 1), 0)].every(Number.isFinite)).toBe(true);
  });

  it('put the boundary where new images are, with fewer images than features', async () => {
    const random = createRandom(7);
    const draw = (rows: number) =>
      float32(
        [rows, 60],
        Array.from({ length: rows * 60 }, () => random.normal()),
      );
    const options = { contamination: 0.1 };
    const { data } = await fitAndApply(mahalanobis, options, draw(25), draw(400));
    const outside = data.filter((score) => score < 0).length / 400;
    expect([outside > 0.02, outside < 0.3]).toEqual([true, true]);
  });
});

describe('mahalanobis', () => {
  it.each([1e-20, 1e20])('does not depend on the scale of the features: %d', async (scale) => {
    for (const columns of [5, 50]) {
      const usual = await fitAndApply(mahalanobis, {}, normal(20, columns));
      const scaled = await fitAndApply(mahalanobis, {}, normal(20, columns, scale));
      expect(largestError(scaled.data, [...usual.data])).toBeLessThan(1e-3);
    }
  });

  it.each([
    [
      'as many images as features',
      'empirical',
      normal(5, 5),
      'An empirical covariance for mahalanobis needs more training images than features. Got 5 images of 5 features.',
    ],
    [
      'a column given by others',
      'empirical',
      matrix(Array.from({ length: 9 }, (_, i) => [i, Math.sin(i), 2 * i - Math.sin(i)])),
      'The covariance for mahalanobis must have an inverse. Got one that has none.',
    ],
    [
      'two images, which give no reason to shrink',
      'ledoit-wolf',
      normal(2, 9),
      'Training images for mahalanobis must differ in more than one way for their covariance to be shrunk to one with an inverse. Got 2 images',
    ],
  ])('refuses %s', async (_, covariance, x, message) => {
    await expect(fit({ covariance }, x)).rejects.toMatchObject({
      code: 'KINDRED_FIT_SINGULAR',
      message: expect.stringContaining(message) as string,
    });
  });

  it.each([
    ['one image', normal(1, 3), 'Training images for mahalanobis must be at least 2 that differ. Got 1.'],
    [
      'copies of one image',
      matrix([
        [1, 2],
        [1, 2],
      ]),
      'Training images for mahalanobis must be at least 2 that differ. Got 2 with the same feature.',
    ],
  ])('refuses %s', async (_, x, message) => {
    await expect(fit({}, x)).rejects.toMatchObject({ code: 'KINDRED_FIT_TOO_FEW', message });
  });

  it('takes constant columns with Ledoit and Wolf', async () => {
    const x = matrix(Array.from({ length: 12 }, (_, i) => [7, Math.sin(i), Math.cos(3 * i)]));
    const { data } = await fitAndApply(mahalanobis, {}, x);
    expect(data.every(Number.isFinite)).toBe(true);
  });

  it('refuses features of another width', async () => {
    await expect(fitAndApply(mahalanobis, {}, normal(9, 3), normal(9, 1))).rejects.toMatchObject({
      code: 'KINDRED_FEATURES_INVALID',
    });
  });
});
