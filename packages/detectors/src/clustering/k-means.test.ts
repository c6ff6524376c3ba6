import { readFileSync } from 'node:fs';

import { createRandom, type NdArray } from '@kindred/core';
import { createTestContext } from '@kindred/core/testing';
import { describe, expect, it } from 'vitest';

import { matrix } from '../../test/run-estimator.js';

import { prepareCentreDistances } from './centre-distances.js';
import { kMeans, type KMeansOptions } from './k-means.js';
import { seedAtRandom, seedByDistance } from './seeding.js';

const fixture = JSON.parse(readFileSync(new URL('./fixtures/k-means.json', import.meta.url), 'utf8')) as {
  x: number[][];
  cases: { seeds: number[]; labels: number[]; inertia: number }[];
};
const x = matrix(fixture.x);

async function cluster(features: NdArray<'float32'>, seeds: number[], options?: KMeansOptions) {
  const ctx = createTestContext();
  const distances = await prepareCentreDistances(ctx, features, seeds.length);
  const clusters = await kMeans(ctx, features, distances, seeds, options);
  await distances.dispose();
  return clusters;
}

async function seed(features: NdArray<'float32'>, clusters: number, number = 1) {
  const ctx = createTestContext({ random: createRandom(number) });
  const distances = await prepareCentreDistances(ctx, features, 8);
  const seeds = await seedByDistance(ctx, features, clusters, distances);
  await distances.dispose();
  return seeds;
}

/** Four tight groups of ten rows at the corners of a square around 0. */
const corners = matrix(
  Array.from({ length: 40 }, (_, i) => [
    (i % 2 ? 10 : -10) + Math.sin(i) / 10,
    (i % 4 < 2 ? 10 : -10) + Math.cos(i) / 10,
  ]),
);

describe('k-means', () => {
  it.each(fixture.cases)("ends in scikit-learn's clusters from rows $seeds", async ({ seeds, labels }) => {
    expect([...(await cluster(x, seeds)).labels]).toEqual(labels);
  });

  it('leaves rows with their nearest seed where no iteration is allowed', async () => {
    const { labels } = await cluster(matrix([[-4], [-3], [3], [4]]), [0, 1], { maxIterations: 0 });
    expect([...labels]).toEqual([0, 1, 1, 1]);
  });

  it('gives a cluster that has no rows the row farthest from its centre', async () => {
    const { labels, count } = await cluster(matrix([[-2], [-2], [-1.9], [9]]), [0, 1]);
    expect([[...labels], count]).toEqual([[0, 0, 0, 1], 2]);
  });

  it('has no more clusters than there are distinct rows', async () => {
    const { labels, count } = await cluster(matrix([[-1], [-1], [2], [-1]]), [0, 1, 2, 3]);
    expect([[...labels], count]).toEqual([[0, 0, 1, 0], 2]);
  });

  it('stops on abort', async () => {
    const ctx = createTestContext({ signal: AbortSignal.abort(new Error('stopped')) });
    const distances = await prepareCentreDistances(ctx, x, 2);
    await expect(kMeans(ctx, x, distances, [0, 1])).rejects.toThrow('stopped');
  });
});

describe('k-means++', () => {
  it.each([1, 2, 3, 4, 5])('finds one row of each of four groups that lie apart, with seed %d', async (number) => {
    const { labels } = await cluster(corners, await seed(corners, 4, number), { maxIterations: 0 });
    const groups = Array.from({ length: 4 }, (_, g) => new Set(labels.filter((_, i) => i % 4 === g)));
    expect(groups.map(({ size }) => size)).toEqual([1, 1, 1, 1]);
    expect(new Set(labels).size).toBe(4);
  });

  it('stops where all rows equal one that it chose, rounding or not', async () => {
    const third = [1 / 3, 1e4 / 7, -0.1];
    const rows = matrix([third, third, [-1, -1e4 / 7, 0.2], third]);
    expect((await seed(rows, 4)).map((row) => (row === 2 ? 'other' : 'third')).sort()).toEqual(['other', 'third']);
  });

  it('draws the same rows from the same random stream', async () => {
    expect(await seed(x, 5)).toEqual(await seed(x, 5));
  });
});

it('random seeds are distinct rows', () => {
  const seeds = seedAtRandom({ random: createRandom(1) }, 6, 6);
  expect([...seeds].sort()).toEqual([0, 1, 2, 3, 4, 5]);
});
