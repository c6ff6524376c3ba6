import { createRandom } from '@kindred/core';
import { describe, expect, it } from 'vitest';

import { drawsOf } from './draws.js';

describe('draws', () => {
  it('without replacement hold each number at most once, and all equally often', () => {
    const draw = drawsOf(10, 4, false, createRandom(2));
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 5000; i++) {
      const drawn = [...draw()];
      expect(new Set(drawn).size).toBe(4);
      for (const number of drawn) counts[number]!++;
    }
    // 5000 draws of chance .4: 2000, standard deviation 35; five of them.
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(175);
  });

  it('of all hold all', () => {
    expect([...drawsOf(5, 5, false, createRandom(1))()].sort()).toEqual([0, 1, 2, 3, 4]);
  });

  it('with replacement hold as many different numbers as a bootstrap sample', () => {
    const draw = drawsOf(100, 100, true, createRandom(3));
    const sizes = Array.from({ length: 500 }, () => draw().length);
    const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    // 100 (1 - .99^100) = 63.4, standard deviation 3.1 of a draw, so .14 of the mean; five of them.
    expect(Math.abs(mean - 63.4)).toBeLessThan(0.7);
  });
});
