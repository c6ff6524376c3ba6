import { readFileSync } from 'node:fs';

import { createRandom, float32, type NdArray } from '@kindred/core';
import { createTestContext } from '@kindred/core/testing';
import { describe, expect, it } from 'vitest';

import { fitAndApply, largestError, matrix } from '../../../test/run-estimator.js';

import { boundaryOf } from '../boundary/contamination.js';

import { pcaResidual } from './pca-residual.js';

interface Case {
  options: object;
  fit: number[][];
  other: number[][];
  residuals: number[];
  heldOut: number[];
}
const { cases } = JSON.parse(readFileSync(new URL('fixtures/pca-residual.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};

const fit = (options: object, x: NdArray<'float32'>) =>
  pcaResidual.fit(pcaResidual.options.parse(options), { x }, createTestContext());

function normal(rows: number, columns: number, seed = 1) {
  const random = createRandom(seed);
  return float32(
    [rows, columns],
    Array.from({ length: rows * columns }, (_, i) => random.normal() / (1 + (i % columns))),
  );
}

describe('pca-residual', () => {
  it.each(cases)(
    "scores as scikit-learn's PCA reconstructs, with $options",
    async ({ options, residuals, ...sets }) => {
      const x = matrix(sets.fit);
      const { json } = await fit(options, x);
      const { data } = await fitAndApply(pcaResidual, options, x, matrix(sets.other));
      const relative = residuals.map((residual, i) => (-data[i]! - json.offset) / residual);
      // Differences of float32 features from their reconstruction.
      expect(largestError(relative, new Array<number>(relative.length).fill(1))).toBeLessThan(1e-3);
    },
  );

  it.each(cases)(
    'takes the boundary from fits without the image, with $options',
    async ({ options, heldOut, ...sets }) => {
      for (const contamination of [0, 0.2, 0.5]) {
        const { json } = await fit({ ...options, contamination }, matrix(sets.fit));
        const expected = boundaryOf(
          heldOut.map((residual) => -residual),
          contamination,
        );
        // float32 products know the smallest variance of the wide set, 1 / 2500 of the largest, to about 1e-3.
        expect(Math.abs(json.offset / expected - 1)).toBeLessThan(2e-3);
      }
    },
  );

  it.each([3, 20, 29])(
    'puts the boundary where new images are, with %d components of 30 images',
    async (components) => {
      const options = { components, contamination: 0.1 };
      const { data } = await fitAndApply(pcaResidual, options, normal(30, 60), normal(400, 60, 2));
      const outside = data.filter((score) => score < 0).length / 400;
      expect([outside > 0.01, outside < 0.3]).toEqual([true, true]);
    },
  );

  it('leaves one direction to measure where all would explain everything, and says so', async () => {
    const { tensors, notes } = await fit({ components: 4 }, normal(30, 4));
    expect([tensors['components']!.shape, notes]).toEqual([
      [3, 4],
      [
        "pca-residual uses 3 components instead of 4: all 4 would explain every image fully and leave nothing to score. Set 'components' to fewer.",
      ],
    ]);
  });

  it('says so where images vary in fewer directions than asked for', async () => {
    const { notes } = await fit({ components: 6 }, normal(6, 9));
    expect(notes).toEqual([expect.stringMatching(/^pca-residual keeps 5 components instead of 6: /)]);
  });

  it('takes two images, and copies', async () => {
    for (const x of [
      normal(2, 3),
      matrix([
        [0, 1],
        [0, 1],
        [0, 1],
        [2, 2],
      ]),
    ]) {
      const { data } = await fitAndApply(pcaResidual, {}, x);
      expect(data.every(Number.isFinite)).toBe(true);
    }
  });

  it('scores an image that alone varies in a direction as far from the others', async () => {
    const x = matrix([
      [0, 1],
      [0, 1],
      [0, 1],
      [3, 5],
    ]);
    const { json } = await fit({ contamination: 0 }, x);
    expect(json.offset).toBeCloseTo(-25, 4);
  });

  it.each([
    ['one image', {}, normal(1, 3), 'KINDRED_FIT_TOO_FEW'],
    ['copies of one image', {}, float32([3, 2], [1, 2, 1, 2, 1, 2]), 'KINDRED_FIT_TOO_FEW'],
    ['more components than images', { components: 5 }, normal(4, 9), 'KINDRED_FIT_TOO_FEW'],
    ['one column', {}, normal(9, 1), 'KINDRED_FEATURES_INVALID'],
  ])('refuses %s', async (_, options, x, code) => {
    await expect(fit(options, x)).rejects.toMatchObject({ code });
  });

  it('refuses features of another width', async () => {
    await expect(fitAndApply(pcaResidual, {}, normal(9, 4), normal(2, 3))).rejects.toMatchObject({
      code: 'KINDRED_FEATURES_INVALID',
    });
  });
});
