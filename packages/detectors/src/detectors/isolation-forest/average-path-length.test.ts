import { describe, expect, it } from 'vitest';

import { smallForest } from '../../../test/isolation-forest-fixtures.js';

import { averagePathLength } from './average-path-length.js';

describe('the average path length', () => {
  it.each(smallForest.averagePathLengths)("of %d samples equals scikit-learn's", (n, expected) => {
    expect(averagePathLength(n)).toBeCloseTo(expected, 12);
  });

  it('of the 256 samples that the paper recommends is 10.24', () => {
    expect(averagePathLength(256)).toBeCloseTo(10.2448, 4);
  });

  it('of no sample and of one is 0', () => {
    expect([0, 1].map(averagePathLength)).toEqual([0, 0]);
  });

  it.each([3, 10, 256])('of %d samples is that of a binary search tree, but for the harmonic number', (n) => {
    let harmonic = 0;
    for (let i = 1; i < n; i++) harmonic += 1 / i;
    // H(n - 1) lies above ln(n - 1) + 0.5772 by less than 1 / (2 (n - 1)).
    const exact = 2 * harmonic - (2 * (n - 1)) / n;
    expect(exact - averagePathLength(n)).toBeGreaterThan(0);
    expect(exact - averagePathLength(n)).toBeLessThan(1 / (n - 1));
  });
});
