import { createRandom } from '@kindred/core';
import { createTestContext } from '@kindred/core/testing';
import { describe, expect, it } from 'vitest';

import { matrix } from '../../../test/run-estimator.js';

import { greedyCoreset } from './coreset.js';

function drawn(rows: number, columns: number, seed: number): number[][] {
  const random = createRandom(seed);
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, () => Math.fround(random.normal() + (row % 4) * 2)),
  );
}

const distance = (a: number[], b: number[]): number => Math.hypot(...a.map((value, j) => value - b[j]!));

/** The largest distance of a row to the nearest of `centres`. */
const radius = (rows: number[][], centres: Iterable<number>): number =>
  Math.max(...rows.map((row) => Math.min(...Array.from(centres, (centre) => distance(row, rows[centre]!)))));

/** One farthest row after the other, each by all distances. */
function plainGreedy(rows: number[][], size: number): number[] {
  const lengths = rows.map((row) => Math.hypot(...row));
  const chosen = [lengths.indexOf(Math.min(...lengths))];
  while (chosen.length < size) {
    const nearest = rows.map((row) => Math.min(...chosen.map((centre) => distance(row, rows[centre]!))));
    chosen.push(nearest.indexOf(Math.max(...nearest)));
  }
  return chosen;
}

function* subsets(count: number, size: number, from = 0): Generator<number[]> {
  if (size === 0) yield [];
  else for (let i = from; i < count; i++) for (const rest of subsets(count, size - 1, i + 1)) yield [i, ...rest];
}

const greedy = async (rows: number[][], size: number, context = createTestContext()): Promise<number[]> =>
  Array.from(await greedyCoreset(matrix(rows), size, context));

describe('the greedy coreset', () => {
  it.each([
    ['a tenth of many rows', 400, 40],
    ['more rows than are prepared at once', 300, 150],
    ['few rows', 12, 5],
    ['one row', 12, 1],
    ['all rows', 30, 30],
  ])('is the choice of one farthest row after the other: %s', async (_, count, size) => {
    const rows = drawn(count, 6, count);
    expect(await greedy(rows, size)).toEqual(plainGreedy(rows, size));
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'covers all rows within twice the smallest possible radius: seed %d',
    async (seed) => {
      const rows = drawn(11, 2, seed);
      for (const size of [1, 2, 3, 4]) {
        const smallest = Math.min(...Array.from(subsets(rows.length, size), (centres) => radius(rows, centres)));
        expect(radius(rows, await greedy(rows, size))).toBeLessThanOrEqual(2 * smallest * (1 + 1e-6));
      }
    },
  );

  it('covers with 1 of 20 rows far better than a random choice', async () => {
    const rows = drawn(400, 6, 3);
    const random = createRandom(1);
    const choices = Array.from({ length: 20 }, () => radius(rows, random.shuffle([...rows.keys()]).slice(0, 20)));
    expect(radius(rows, await greedy(rows, 20))).toBeLessThan(Math.min(...choices));
  });

  it('ends once every row is a copy of a chosen one', async () => {
    const rows = drawn(5, 4, 1);
    const chosen = await greedy([...rows, ...rows, ...rows], 12);
    expect(chosen.map((row) => row % 5).sort()).toEqual([0, 1, 2, 3, 4]);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    await expect(greedy(drawn(20, 3, 1), 5, createTestContext({ signal: stop.signal }))).rejects.toThrow('enough');
  });
});
