import { createRandom, uint8 } from '@kindred/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { halfAndHalf } from './half-and-half.js';

/** `wanted` rows of zeros, then `counts[j]` rows of label j. */
function targets(wanted: number, counts: readonly number[]) {
  const labels = [
    ...new Array<number>(wanted).fill(-1),
    ...counts.flatMap((count, j) => new Array<number>(count).fill(j)),
  ];
  return {
    labels,
    y: uint8(
      [labels.length, counts.length],
      labels.flatMap((label) => counts.map((_, j) => Number(label === j))),
    ),
  };
}

const batchesOf = (order: readonly number[], size: number) =>
  Array.from({ length: order.length / size }, (_, i) => order.slice(i * size, (i + 1) * size));

describe('halfAndHalf', () => {
  it('shows every wanted image, half of each batch, and the reference labels equally', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 60 }),
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 2, maxLength: 5 }),
        fc.integer({ min: 4, max: 33 }),
        fc.integer(),
        (wanted, counts, size, seed) => {
          const { y, labels } = targets(wanted, counts);
          const order = halfAndHalf(y, size, createRandom(seed));
          const half = Math.floor(size / 2);
          expect(order.length).toBe(Math.ceil(wanted / half) * size);
          for (const batch of batchesOf(order, size)) {
            expect(batch.filter((row) => labels[row] === -1)).toHaveLength(half);
          }
          expect(new Set(order.filter((row) => row < wanted)).size).toBe(wanted);
          const drawn = counts.map((_, j) => order.filter((row) => labels[row] === j).length);
          expect(Math.max(...drawn) - Math.min(...drawn)).toBeLessThanOrEqual(1);
          expect(halfAndHalf(y, size, createRandom(seed))).toEqual(order);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('gives another order for another stream', () => {
    const { y } = targets(20, [10, 10]);
    expect(halfAndHalf(y, 8, createRandom(1))).not.toEqual(halfAndHalf(y, 8, createRandom(2)));
  });

  it.each([
    ['one wanted image', targets(1, [3, 3]).y, 8, '1 wanted image, 2 reference labels'],
    ['no wanted image', targets(0, [3, 3]).y, 8, '0 wanted images, 2 reference labels'],
    ['one reference label', targets(5, [3]).y, 8, '5 wanted images, 1 reference label'],
    ['labels without images', targets(5, [3, 0, 0]).y, 8, '5 wanted images, 1 reference label'],
    ['batches of 3', targets(5, [3, 3]).y, 3, 'batches of 3'],
  ])('refuses %s', (_, y, size, got) => {
    expect(() => halfAndHalf(y, size, createRandom(1))).toThrow(
      expect.objectContaining({ code: 'KINDRED_DATA_PAIRS', message: expect.stringContaining(got) as string }) as Error,
    );
  });
});
