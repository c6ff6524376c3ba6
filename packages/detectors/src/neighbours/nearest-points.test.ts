import { createRandom, float32, type NdArray, prepareTf, toNdArray, toTensor } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { matrix } from '../../test/run-estimator.js';

import { type Limits, nearestPoints } from './nearest-points.js';
import { searchState } from './search.js';

beforeAll(prepareTf);

function nearest(x: number[][], points: number[][], k: number, limits?: Limits): Record<'places' | 'squared', NdArray> {
  const { points: rows, halfSquares } = searchState(matrix(points), float32([points[0]!.length]));
  const found: Record<'places' | 'squared', NdArray>[] = [];
  tf.tidy(() => {
    const among = { points: toTensor(rows), halfSquares: toTensor(halfSquares) };
    const { places, squared } = nearestPoints(toTensor(matrix(x)), among, k, limits);
    found.push({ places: toNdArray(places), squared: toNdArray(squared) });
  });
  return found[0]!;
}

function drawn(rows: number, seed: number): number[][] {
  const random = createRandom(seed);
  return Array.from({ length: rows }, () => Array.from({ length: 3 }, () => Math.fround(random.normal())));
}

/** By the definition, in float64. */
function byDefinition(x: number[][], points: number[][], k: number): { place: number; squared: number }[][] {
  return x.map((row) =>
    points
      .map((point, place) => ({ place, squared: point.reduce((sum, value, j) => sum + (value - row[j]!) ** 2, 0) }))
      .sort((a, b) => a.squared - b.squared)
      .slice(0, k),
  );
}

describe('the nearest points', () => {
  const [x, points] = [drawn(9, 1), drawn(31, 2)];

  it.each<[string, number, Limits | undefined]>([
    ['all at once', 4, undefined],
    ['one', 1, undefined],
    ['as many as there are', 31, undefined],
    ['in parts of unequal size', 4, { products: 9 * 7, differences: 1e6 }],
    ['in parts smaller than k', 12, { products: 9 * 5, differences: 1e6 }],
    ['with differences in parts', 4, { products: 1e6, differences: 9 * 3 * 3 }],
    ['with limits below one row', 4, { products: 1, differences: 1 }],
  ])('are those of the definition: %s', (_, k, limits) => {
    const { places, squared } = nearest(x, points, k, limits);
    const expected = byDefinition(x, points, k).flat();
    expect(squared.shape).toEqual([9, k]);
    expect([...places.data]).toEqual(expected.map(({ place }) => place));
    // A sum of three float32 squares.
    squared.data.forEach((value, i) => expect(value / expected[i]!.squared).toBeCloseTo(1, 6));
  });

  it('keep the digits of distances far below the rounding error of products', () => {
    // Squared lengths of 2e6, of which 1e-7 are .2; the squared distances are 2^-8 and 2^-10.
    const { squared } = nearest([[1000, 1000, 0]], [[1000, 1000 + 2 ** -4, 0], [1000, 1000, 2 ** -5], [0, 0, 0]], 2); // prettier-ignore
    expect([...squared.data].sort()).toEqual([2 ** -10, 2 ** -8]);
  });

  it('are at distance 0 from their copies', () => {
    const { squared } = nearest(x, x, 1);
    expect([...squared.data]).toEqual(new Array(9).fill(0));
  });

  it('are, of equally near ones, those that come first', () => {
    expect([...nearest([[0, 0, 0]], [[1, 0, 0], [0, 1, 0], [0, 0, 1]], 2).places.data]).toEqual([0, 1]); // prettier-ignore
  });
});
