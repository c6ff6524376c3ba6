import { readFileSync } from 'node:fs';

import { createRandom, float32, type NdArray } from '@kindred/core';
import { createTestContext } from '@kindred/core/testing';
import { describe, expect, it } from 'vitest';

import { fitAndApply, largestError, matrix } from '../../../test/run-estimator.js';
import { chooseSolver } from '../../principal/options.js';

import { pca } from './pca.js';

interface Fixture {
  sets: Record<string, { fit: number[][]; other: number[][] }>;
  cases: {
    set: string;
    options: object;
    components: number[][];
    explainedVariance: number[];
    explainedVarianceRatio: number[];
    other: number[][];
  }[];
  solvers: { rows: number; columns: number; components: number; solver: string }[];
}
const fixture = JSON.parse(readFileSync(new URL('fixtures/pca.json', import.meta.url), 'utf8')) as Fixture;

async function fit(options: object, x: NdArray<'float32'>) {
  const { tensors, notes } = await pca.fit(pca.options.parse(options), { x }, createTestContext());
  const { components, explainedVariance, explainedVarianceRatio } = tensors as Record<string, NdArray>;
  return {
    notes,
    components: components!,
    explainedVariance: explainedVariance!.data,
    explainedVarianceRatio: explainedVarianceRatio!.data,
  };
}

/** Rows of standard normal numbers, columns scaled. */
function normal(rows: number, columns: number, scale: (column: number) => number = () => 1) {
  const random = createRandom(rows);
  return float32(
    [rows, columns],
    Array.from({ length: rows * columns }, (_, i) => random.normal() * scale(i % columns)),
  );
}

describe("pca equals scikit-learn's PCA", () => {
  it.each(fixture.cases)('on a $set matrix with $options', async ({ set, options, other, ...expected }) => {
    const x = matrix(fixture.sets[set]!.fit);
    const { notes, ...state } = await fit(options, x);
    expect(notes).toEqual([]);
    // float32 products: directions turn by 1e-7 of the largest variance over the difference to the next one.
    expect(largestError(state.components.data, expected.components.flat())).toBeLessThan(1e-4);
    const relative = expected.explainedVariance.map((value, i) => state.explainedVariance[i]! / value);
    expect(largestError(relative, new Array<number>(relative.length).fill(1))).toBeLessThan(1e-4);
    expect(largestError(state.explainedVarianceRatio, expected.explainedVarianceRatio)).toBeLessThan(1e-5);
    const { data } = await fitAndApply(pca, options, x, matrix(fixture.sets[set]!.other));
    expect(largestError(data, other.flat())).toBeLessThan(1e-3);
  });

  it.each(fixture.solvers)(
    'in the solver for $rows rows, $columns columns and $components components: $solver',
    ({ rows, columns, components, solver }) => {
      expect(chooseSolver('auto', components, rows, columns)).toBe(solver);
    },
  );
});

describe('pca', () => {
  it('does not use directions without variance: whitening at the rank is safe, and a note says what was left out', async () => {
    const x = normal(20, 40);
    const { notes, ...state } = await fit({ components: 20, whiten: true }, x);
    expect(state.components.shape).toEqual([19, 40]);
    expect(notes).toEqual([
      'pca keeps 19 components instead of 20: the 20 training images vary in 19 directions alone (variance above 0.000001 of the largest).',
      expect.stringMatching(/^pca whitens 19 components of 20 training images: .* magnified \d\.\d times/),
    ]);
    const { data } = await fitAndApply(pca, { components: 20, whiten: true }, x);
    expect(largestError(variancesOf(data, 19), new Array<number>(19).fill(1))).toBeLessThan(1e-4);
  });

  it.each(['full', 'covariance', 'auto'])(
    'finds the rank of copies and constant columns, solver %s',
    async (solver) => {
      const row = (i: number) => [i % 4 === 0 ? 1 : 0, i % 4 === 1 ? 2 : 0, 5, i % 4 === 2 ? 3 : 0, 0];
      const state = await fit({ components: 'auto', solver }, matrix(Array.from({ length: 24 }, (_, i) => row(i))));
      expect(state.components.shape).toEqual([3, 5]);
    },
  );

  it('keeps the directions that there are where the randomized solver looks for more', async () => {
    const random = createRandom(3);
    const x = float32([610, 620]);
    for (let i = 0; i < 610; i++) {
      const [a, b] = [random.normal(), random.normal()];
      for (let j = 0; j < 620; j++) x.data[i * 620 + j] = j % 2 === 0 ? a : b;
    }
    const { notes, ...state } = await fit({ components: 5, solver: 'randomized' }, x);
    expect(state.components.shape).toEqual([2, 620]);
    expect(notes).toHaveLength(1);
  });

  it.each([1e-25, 1e25])('keeps squares of features around %d from overflow and underflow', async (size) => {
    const state = await fit(
      { components: 2 },
      normal(20, 5, (column) => size / (1 + column)),
    );
    const usual = await fit(
      { components: 2 },
      normal(20, 5, (column) => 1 / (1 + column)),
    );
    expect(largestError(state.components.data, [...usual.components.data])).toBeLessThan(1e-4);
  });

  it.each([
    [3, 'randomized', true],
    ['auto', 'full', true],
    [0.5, 'randomized', false],
    ['auto', 'randomized', false],
    [0, 'auto', false],
    [1.5, 'auto', false],
    [-1, 'auto', false],
  ])('takes components %s with the solver %s: %s', (components, solver, valid) => {
    expect(pca.options.safeParse({ components, solver }).success).toBe(valid);
  });

  it.each([
    [
      'more components than images',
      { components: 5 },
      normal(4, 9),
      "The option 'components' of pca must be at most the number of training images and of features, 4 and 9. Got 5.",
    ],
    [
      'one image',
      {},
      normal(1, 9),
      'Training images for pca must be at least 2, as their variance is measured. Got 1.',
    ],
    [
      'images that are all the same',
      {},
      float32([3, 2], [1, 2, 1, 2, 1, 2]),
      'Training images for pca must differ from each other. Got 3 with the same feature.',
    ],
  ])('refuses %s', async (_, options, x, message) => {
    await expect(fit(options, x)).rejects.toMatchObject({ code: 'KINDRED_FIT_TOO_FEW', message });
  });

  it('refuses features of another width', async () => {
    await expect(fitAndApply(pca, {}, normal(9, 4), normal(2, 3))).rejects.toMatchObject({
      code: 'KINDRED_FEATURES_INVALID',
    });
  });

  it('stops when it is told to', async () => {
    const ctx = createTestContext({ signal: AbortSignal.abort('enough') });
    await expect(pca.fit(pca.options.parse({}), { x: normal(9, 4) }, ctx)).rejects.toBe('enough');
  });
});

/** Variances of the columns of whitened features. */
function variancesOf(data: ArrayLike<number>, columns: number): number[] {
  const rows = data.length / columns;
  const sums = new Array<number>(columns).fill(0);
  for (let i = 0; i < data.length; i++) sums[i % columns]! += data[i]! ** 2 / (rows - 1);
  return sums;
}
