import { readFileSync } from 'node:fs';

import { createRandom, float32 } from '@kindred/core';
import { createTestContext } from '@kindred/core/testing';
import { describe, expect, it } from 'vitest';

import { fitAndApply, matrix } from '../../../test/run-estimator.js';
import { leaveOneOut } from '../../neighbours/leave-one-out.js';
import type { Metric } from '../../neighbours/metric.js';
import { searchState, type SearchState } from '../../neighbours/search.js';
import { trainingPoints } from '../../neighbours/training-points.js';
import { boundaryOf } from '../boundary/contamination.js';

import { nearestNeighbours } from './nearest-neighbours.js';
import { statisticsOf } from './statistic.js';

type Statistics = Record<'mean' | 'kth', number[]>;
interface Fixture {
  cases: {
    name: string;
    metric: Metric;
    neighbours: number;
    fit: number[][];
    other: number[][];
    leaveOneOut: Statistics;
    others: Statistics;
  }[];
}
const url = new URL('fixtures/nearest-neighbours.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(url, 'utf8')) as Fixture;
const statistics = ['mean', 'kth'] as const;

const fit = (options: object, rows: number[][], context = createTestContext()) =>
  nearestNeighbours.fit(nearestNeighbours.options.parse(options), { x: matrix(rows) }, context);

/** Rows on a line at 0, 1, 2, ... */
const line = (count: number): number[][] => Array.from({ length: count }, (_, i) => [i, 0]);

describe.each(cases)("nearest-neighbours equals scikit-learn's NearestNeighbors: $name", (fixture) => {
  const { metric, neighbours, fit: rows, other } = fixture;
  // float32 against float64, cosines being differences from 1. An offset costs nothing: points are centred, and exact here.
  const digits = 5;

  it.each(statistics)('in the %s of distances of training images to the others', async (statistic) => {
    const x = matrix(rows);
    const { points, centre } = trainingPoints('nearest-neighbours', metric, x);
    const search = { x, among: searchState(points, centre), metric, k: neighbours };
    const { distances } = await leaveOneOut('nearest-neighbours', search, createTestContext());
    const found = statisticsOf(statistic, distances, neighbours);
    fixture.leaveOneOut[statistic].forEach((value, i) => expect(found[i]).toBeCloseTo(value, digits));
  });

  it.each(statistics)('in the %s of distances of new images, the boundary being a quantile', async (statistic) => {
    const options = { metric, neighbours, statistic, contamination: 0.1 };
    const { shape, data } = await fitAndApply(nearestNeighbours, options, matrix(rows), matrix(other));
    const training = fixture.leaveOneOut[statistic].map((distance) => -distance);
    const boundary = boundaryOf(training, 0.1);
    expect(shape).toEqual([other.length]);
    fixture.others[statistic].forEach((value, i) => expect(data[i]).toBeCloseTo(-value - boundary, digits));
  });
});

describe('nearest-neighbours with a coreset', () => {
  const rows = [...line(20), ...line(20).map(([x]) => [x! + 0.25, 0])];
  it.each([
    [0.25, 10],
    [8, 8],
  ])('of %d keeps %d images and compares with them alone', async (coreset, kept) => {
    const { tensors } = await fit({ coreset, neighbours: 1 }, rows);
    const { points, centre } = tensors as SearchState;
    expect(points.shape).toEqual([kept, 2]);
    const places = Array.from({ length: kept }, (_, i) => points.data[2 * i]! + centre.data[0]!);
    const distance = (at: number) => Math.min(...places.map((place) => Math.abs(place - at)));
    const { data } = await fitAndApply(nearestNeighbours, { coreset, neighbours: 1 }, matrix(rows), matrix([[3.1, 0], [50, 0]])); // prettier-ignore
    expect(data[0]! - data[1]!).toBeCloseTo(distance(50) - distance(3.1), 4);
  });

  it.each([
    [0.3, 1],
    [0.3, 2],
    [0.1, 1],
    [0.1, 5],
  ])(
    'of %d leaves about the asked share of new images outside, as compared with %d neighbours',
    async (coreset, neighbours) => {
      // Three clusters in a plane and noise: images are close to each other, so those of a coreset are the ones that stand out.
      const random = createRandom(4);
      const noise = () => 0.3 * random.normal();
      const draw = (count: number) =>
        Array.from({ length: count }, (_, i) => {
          const [u, v] = [2 * (i % 3) + 0.6 * random.normal(), (i % 2) + 0.6 * random.normal()];
          return [u + v + noise(), u - v + noise(), u + noise(), v + noise(), noise(), noise()];
        });
      const [training, fresh] = [draw(150), draw(600)];
      const options = { coreset, neighbours, contamination: 0.3 };
      const { data } = await fitAndApply(nearestNeighbours, options, matrix(training), matrix(fresh));
      const outside = data.filter((score) => score < 0).length / data.length;
      // Three standard deviations of the share of 150 images that the boundary is estimated by.
      expect(Math.abs(outside - 0.3)).toBeLessThan(3 * Math.sqrt((0.3 * 0.7) / 150));
    },
  );

  it('as large as the training set is no coreset', async () => {
    expect(await fit({ coreset: 40 }, rows)).toEqual(await fit({}, rows));
  });

  it('says that it is smaller than asked for where the other images are copies', async () => {
    const { notes } = await fit({ coreset: 0.5, neighbours: 2 }, [...line(4), ...line(4), ...line(4)]);
    expect(notes).toEqual([
      'The coreset of nearest-neighbours keeps 4 images instead of 6: every other training image has the same features as one of them.',
    ]);
  });
});

describe('nearest-neighbours', () => {
  it('leaves the asked share of training images outside, by their distances to the others', async () => {
    const rows = [...line(18), [100, 0], [200, 0]];
    const { json } = await fit({ neighbours: 1, contamination: 0.1 }, rows);
    // 18 at distance 1, one at 83, one at 100: 10 % lie below the boundary.
    expect(json.boundary).toBeCloseTo(-1 - 0.1 * (83 - 1), 4);
  });

  it('gives an image the same score alone and among others', async () => {
    const others = matrix(line(30).map(([x]) => [x! / 7, Math.sin(x!)]));
    const together = await fitAndApply(nearestNeighbours, {}, matrix(line(12)), others);
    const alone = await fitAndApply(
      nearestNeighbours,
      {},
      matrix(line(12)),
      float32([1, 2], others.data.slice(14, 16)),
    );
    expect(alone.data[0]).toBeCloseTo(together.data[7]!, 6);
  });

  it('gives copies of training images the score of distance 0', async () => {
    const { data } = await fitAndApply(nearestNeighbours, { neighbours: 2 }, matrix([[1, 2], [1, 2], [1, 2], [9, 9]])); // prettier-ignore
    expect(data[0]).toBe(data[1]);
    expect(data[0]).toBeGreaterThan(data[3]!);
  });

  it.each([
    ['as many images as neighbours', {}, 5, 'more training images than "neighbours", which is 5: an image is not its own neighbour. Got 5.', 'Set "neighbours" to 4 or less, or give at least 6 different images.'],
    ['a single image', { neighbours: 1 }, 1, 'more training images than "neighbours", which is 1: an image is not its own neighbour. Got 1.', 'Give at least 2 different images.'],
    ['a coreset of as many images as neighbours', { coreset: 0.25 }, 20, 'more images in its coreset than "neighbours", which is 5: an image is not its own neighbour. Got 5.', 'Set "neighbours" to 4 or less, or give at least 6 different images.'],
  ])('refuses %s', async (_, options, rows, message, hint) => {
    await expect(fit(options, line(rows))).rejects.toMatchObject({
      code: 'KINDRED_FIT_TOO_FEW',
      message: `nearest-neighbours must get ${message}`,
      hint,
    });
  }); // prettier-ignore

  it('refuses a coreset of copies', async () => {
    const rows = Array.from({ length: 20 }, () => [1, 2]);
    await expect(fit({ coreset: 10 }, rows)).rejects.toMatchObject({
      code: 'KINDRED_FIT_TOO_FEW',
      message: 'nearest-neighbours must get more different images in its coreset than "neighbours", which is 5: an image is not its own neighbour. Got 1.',
    }); // prettier-ignore
  });

  it('refuses features whose distances have no square in float32', async () => {
    await expect(fit({ neighbours: 1 }, [[1e19, 0], [-1e19, 0]])).rejects.toMatchObject({
      code: 'KINDRED_FEATURES_INVALID',
    }); // prettier-ignore
  });

  it.each(['euclidean', 'cosine'])('refuses features of another width: %s', async (metric) => {
    const applied = fitAndApply(nearestNeighbours, { metric }, matrix(line(9)), matrix([[1], [2]]));
    await expect(applied).rejects.toMatchObject({
      code: 'KINDRED_FEATURES_INVALID',
      message: 'Features for nearest-neighbours must have the shape [N, 2] that it was fitted on. Got [2, 1].',
    });
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    await expect(fit({}, line(9), createTestContext({ signal: stop.signal }))).rejects.toThrow('enough');
  });

  it.each([
    [{ neighbours: 0 }],
    [{ neighbours: 1.5 }],
    [{ metric: 'manhattan' }],
    [{ statistic: 'median' }],
    [{ coreset: 0 }],
    [{ coreset: 2.5 }],
    [{ contamination: 0.6 }],
    [{ k: 5 }],
  ])('refuses the options %j', (options) => {
    expect(nearestNeighbours.options.safeParse(options).success).toBe(false);
  });
});
