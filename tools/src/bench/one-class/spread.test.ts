import { expect, it } from 'vitest';

import { spread } from './spread.js';

it('a spread has the mean and both ends', () => {
  expect(spread([3, 1, 2.5])).toEqual({ mean: 6.5 / 3, lowest: 1, highest: 3 });
});

it('of nothing there is none', () => {
  expect(() => spread([])).toThrow(RangeError);
});
