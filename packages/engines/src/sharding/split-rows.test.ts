import { float32, uint8 } from '@kindred/core';
import { describe, expect, it } from 'vitest';

import { shardSizes, splitRows } from './split-rows.js';

describe('shardSizes', () => {
  it.each([
    [16, 2, [8, 8]],
    [7, 3, [3, 2, 2]],
    [2, 4, [1, 1]],
    [1, 2, [1]],
    [0, 2, [0]],
  ])('divides %i rows among %i', (rows, shards, sizes) => {
    expect(shardSizes(rows, shards)).toEqual(sizes);
  });
});

describe('splitRows', () => {
  it('gives every row to one shard, in order, and what is not divided to all', () => {
    const inputs = { x: uint8([3, 2], [1, 2, 3, 4, 5, 6]), rate: float32([], [7]) };
    expect(splitRows(inputs, [2, 1], (name) => name === 'x')).toEqual([
      { x: uint8([2, 2], [1, 2, 3, 4]), rate: float32([], [7]) },
      { x: uint8([1, 2], [5, 6]), rate: float32([], [7]) },
    ]);
  });

  it('shares no memory', () => {
    const inputs = { x: uint8([2, 1], [1, 2]), rate: float32([], [7]) };
    const buffers = splitRows(inputs, [1, 1], (name) => name === 'x').flatMap(({ x, rate }) => [
      x?.data.buffer,
      rate?.data.buffer,
    ]);
    expect(new Set([...buffers, inputs.x.data.buffer, inputs.rate.data.buffer]).size).toBe(6);
  });
});
