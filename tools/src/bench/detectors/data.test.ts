import { describe, expect, it } from 'vitest';

import { featureLike, isOdd } from './data.js';

describe('features for the detectors bench', () => {
  const { train, test } = featureLike(300, 16);

  it('are the same for the same seed', () => {
    expect(featureLike(300, 16)).toEqual({ train, test });
    expect(featureLike(300, 16, 2).train).not.toEqual(train);
  });

  it('have columns of mean 0 and deviation 1', () => {
    for (let j = 0; j < 16; j++) {
      const column = train.data.filter((_, i) => i % 16 === j);
      const mean = column.reduce((sum, value) => sum + value, 0) / 300;
      const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 300;
      // Sums of 300 single-precision numbers.
      expect(Math.abs(mean)).toBeLessThan(1e-5);
      expect(variance).toBeCloseTo(1, 5);
    }
  });

  it('are rectified: many are the smallest of their column', () => {
    const column = [...train.data.filter((_, i) => i % 16 === 3)];
    const smallest = Math.min(...column);
    const share = column.filter((value) => value === smallest).length / 300;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.8);
  });

  it('mark every third image to score as one that does not belong', () => {
    expect([0, 1, 2, 3, 4, 5].map(isOdd)).toEqual([false, false, true, false, false, true]);
    expect(test.shape).toEqual([300, 16]);
  });
});
