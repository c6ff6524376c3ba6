import { describe, expect, it } from 'vitest';

import { createRandom } from '../context/random.js';
import { float32, type NdArray } from '../tensor/nd-array.js';

import { memoryBatches } from './memory-batches.js';
import { everyRow, rowBatches, sampledRows } from './row-order.js';

const targets: NdArray<'uint8'> = { dtype: 'uint8', shape: [4, 1], data: Uint8Array.of(0, 1, 0, 1) };
const sampled = (order: (rows: number) => readonly number[]) =>
  sampledRows(
    { order: ({ shape }) => order(shape[0] ?? 0) },
    { name: 'faces', targets, batchSize: 2, random: createRandom(1) },
  );

describe('everyRow', () => {
  it('keeps the order without a generator, and shuffles by the epoch alone with one', () => {
    expect(everyRow(3)(7)).toEqual([0, 1, 2]);
    const order = everyRow(20, createRandom(1));
    expect([...order(2)].sort((a, b) => a - b)).toEqual(everyRow(20)(1));
    expect(order(2)).not.toEqual(order(1));
    expect(order(2)).toEqual(everyRow(20, createRandom(1))(2));
  });
});

describe('sampledRows', () => {
  it('is absent for a head that takes every row', () => {
    expect(sampledRows({}, { name: 'faces', targets, batchSize: 2, random: createRandom(1) })).toBeUndefined();
  });

  it('gives the head targets, batch size and a stream of each epoch', () => {
    const order = sampledRows(
      { order: ({ data }, batchSize, random) => [data.length - 1, batchSize, random.integer(4)] },
      { name: 'faces', targets, batchSize: 2, random: createRandom(1) },
    );
    const expected = (epoch: number) => [3, 2, createRandom(1).fork(`epoch ${epoch}`).integer(4)];
    for (const epoch of [1, 2, 1]) expect(order?.(epoch)).toEqual(expected(epoch));
  });

  it.each([-1, 4, 0.5, NaN])('refuses the row %d of four', (row) => {
    expect(() => sampled(() => [0, row])?.(1)).toThrowError(
      expect.objectContaining({
        code: 'KINDRED_PLUGIN_RESULT',
        message: `The order of rows of 'faces' must name rows from 0 to 3. Got ${row}.`,
      }) as Error,
    );
  });

  it('is what batches are cut from: rows may come again, or not at all', () => {
    const order = sampled(() => [3, 3, 0, 1]);
    const x = float32([4, 1], [10, 11, 12, 13]);
    const source = memoryBatches({ x, y: targets }, { batchSize: 2, order });
    expect(source.samples).toBe(4);
    expect([...(source.epoch(1) as Iterable<unknown>)]).toEqual([
      { x: float32([2, 1], [13, 13]), y: float32([2, 1], [1, 1]) },
      { x: float32([2, 1], [10, 11]), y: float32([2, 1], [0, 1]) },
    ]);
  });
});

describe('rowBatches', () => {
  it.each([
    [5, 2, [2, 2, 1]],
    [4, 2, [2, 2]],
    [3, 8, [3]],
    [0, 8, []],
  ])('cuts %d rows into batches of %d', (count, batchSize, sizes) => {
    expect([...rowBatches(everyRow(count)(1), batchSize)].map((rows) => rows.length)).toEqual(sizes);
  });
});
