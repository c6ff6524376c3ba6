import { expect, it } from 'vitest';

import { float32, uint8 } from '../tensor/nd-array.js';

import { columnSums, selectRows } from './rows.js';

const x = float32([3, 2], [1, 2, 3, 4, 5, 6]);

it.each([
  ['in another order, one twice', [2, 0, 2], [5, 6, 1, 2, 5, 6]],
  ['none', [], []],
])('selects rows %s', (_, indices, data) => {
  expect(selectRows(x, indices)).toEqual(float32([indices.length, 2], data));
});

it('copies what it selects', () => {
  selectRows(x, [0]).data[0] = 9;
  expect(x.data[0]).toBe(1);
});

it('sums columns, of no rows as well', () => {
  expect(columnSums(uint8([3, 2], [1, 0, 1, 1, 0, 0]))).toEqual([2, 1]);
  expect(columnSums(uint8([0, 2]))).toEqual([0, 0]);
});
