import { readFileSync } from 'node:fs';

import { createTestContext } from '@kindred/core/testing';
import { describe, expect, it } from 'vitest';

import { fitAndApply, matrix } from '../../../test/run-estimator.js';
import { leaveOneOut } from '../../neighbours/leave-one-out.js';
import { searchState } from '../../neighbours/search.js';
import { trainingPoints } from '../../neighbours/training-points.js';

import { localOutlierFactor } from './local-outlier-factor.js';
import { localReachability } from './local-reachability.js';

interface Fixture {
  cases: {
    name: string;
    options: { neighbours: number; metric: 'euclidean' | 'cosine'; contamination: number | 'auto' };
    fit: number[][];
    other: number[][];
    negativeOutlierFactor: number[];
    offset: number;
    otherDecisions: number[];
  }[];
}
const url = new URL('fixtures/local-outlier-factor.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(url, 'utf8')) as Fixture;

const fit = (options: object, rows: number[][]) =>
  localOutlierFactor.fit(localOutlierFactor.options.parse(options), { x: matrix(rows) }, createTestContext());

/** Every row has cosine distance 1 from a row of zeros: which of them are its neighbours is chance, in scikit-learn too. */
const isDetermined = (row: readonly number[]): boolean => row.some((value) => value !== 0);

/** The largest relative difference of factors, which are about 1 or more. Those of `rows` that are not determined must be finite. */
const largestError = (rows: number[][], actual: ArrayLike<number>, expected: readonly number[], offset = 0): number =>
  Math.max(
    ...expected.map((value, i) =>
      isDetermined(rows[i]!) ? Math.abs((actual[i]! - value) / (value + offset)) : Number.isFinite(actual[i]) ? 0 : NaN,
    ),
  );

describe.each(cases)("local-outlier-factor equals scikit-learn's LocalOutlierFactor: $name", (fixture) => {
  const { options, fit: rows, other } = fixture;
  // float32 against float64, a few operations.
  const tolerance = 1e-5;

  it('in the factors of training images', async () => {
    const { metric, neighbours: k } = options;
    const x = matrix(rows);
    const { points, centre } = trainingPoints('local-outlier-factor', metric, x);
    const search = { x, among: searchState(points, centre), metric, k };
    const neighbourhoods = await leaveOneOut('local-outlier-factor', search, createTestContext());
    const { scores } = localReachability(neighbourhoods, k);
    expect(largestError(rows, scores, fixture.negativeOutlierFactor)).toBeLessThan(tolerance);
  });

  it('in the offset', async () => {
    const { json } = await fit(options, rows);
    expect(json.boundary / fixture.offset).toBeCloseTo(1, 5);
  });

  it('in the decision function of new images', async () => {
    const { shape, data } = await fitAndApply(localOutlierFactor, options, matrix(rows), matrix(other));
    expect(shape).toEqual([other.length]);
    expect(largestError(other, data, fixture.otherDecisions, fixture.offset)).toBeLessThan(tolerance);
  });
});

describe('local-outlier-factor', () => {
  const spread = Array.from({ length: 12 }, (_, i) => [Math.cos(i * i), Math.sin(3 * i)]);

  describe('of more copies of an image than neighbours', () => {
    const copies = Array.from({ length: 6 }, () => [3, 3]);
    const rows = [...spread, ...copies];

    it('says so', async () => {
      expect((await fit({ neighbours: 5 }, rows)).notes).toEqual([
        '6 of 18 training images have the same features as at least 5 others each, so images that differ a little from them ' +
          'get very low scores: remove the copies, or set "neighbours" above their number.',
      ]);
      expect((await fit({ neighbours: 6 }, rows)).notes).toEqual([]);
    });

    it('gives finite scores: that of an inlier to one more copy, an enormous factor to what lies beside them', async () => {
      const others = matrix([[3, 3], [3.01, 3], [0.5, 0.5]]); // prettier-ignore
      const { data } = await fitAndApply(
        localOutlierFactor,
        { neighbours: 5, contamination: 'auto' },
        matrix(rows),
        others,
      );
      expect(data[0]).toBeCloseTo(-1 + 1.5, 5);
      // Density 1e10 of the copies, 1 / .01 of the image.
      expect(data[1]! / -1e8).toBeCloseTo(1, 4);
      expect(data[2]).toBeGreaterThan(-2);
    });

    it('gives finite scores where all images are copies', async () => {
      const { data } = await fitAndApply(localOutlierFactor, { neighbours: 2, contamination: 'auto' }, matrix(copies), matrix([[3, 3], [4, 3]])); // prettier-ignore
      expect(data[0]).toBeCloseTo(0.5, 5);
      expect(data[1]! / -1e10).toBeCloseTo(1, 4);
    });
  });

  it('gives an image the same score alone and among others', async () => {
    const others = spread.map(([x, y]) => [y! * 2, x!]);
    const together = await fitAndApply(localOutlierFactor, { neighbours: 4 }, matrix(spread), matrix(others));
    const alone = await fitAndApply(localOutlierFactor, { neighbours: 4 }, matrix(spread), matrix([others[5]!]));
    expect(alone.data[0]! / together.data[5]!).toBeCloseTo(1, 5);
  });

  it.each([
    [20, 'Set "neighbours" to 19 or less, or give at least 21 different images.'],
    [1, 'Give at least 21 different images.'],
  ])('refuses %d images for 20 neighbours', async (count, hint) => {
    const rows = Array.from({ length: count }, (_, i) => [i, i * i]);
    await expect(fit({}, rows)).rejects.toMatchObject({
      code: 'KINDRED_FIT_TOO_FEW',
      message: `local-outlier-factor must get more training images than "neighbours", which is 20: an image is not its own neighbour. Got ${count}.`,
      hint,
    });
  });

  it('refuses features of another width', async () => {
    const applied = fitAndApply(localOutlierFactor, { neighbours: 3 }, matrix(spread), matrix([[1], [2]]));
    await expect(applied).rejects.toMatchObject({
      code: 'KINDRED_FEATURES_INVALID',
      message: 'Features for local-outlier-factor must have the shape [N, 2] that it was fitted on. Got [2, 1].',
    });
  });

  it.each([[{ neighbours: 0 }], [{ contamination: 0.6 }], [{ contamination: 'none' }], [{ metric: 'l1' }]])(
    'refuses the options %j',
    (options) => {
      expect(localOutlierFactor.options.safeParse(options).success).toBe(false);
    },
  );
});
