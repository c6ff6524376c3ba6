import { createRandom, float32, uint8 } from '@kindred/core';
import { describe, expect, it } from 'vitest';

import { symmetricBeta } from './beta.js';
import { mixup } from './mixup.js';

describe('Beta(alpha, alpha)', () => {
  it.each([0.001, 0.05, 0.2, 0.5, 1, 3, 50])('has the moments it must have, for alpha %f', (alpha) => {
    const random = createRandom(5);
    const draws = Array.from({ length: 20_000 }, () => symmetricBeta(random, alpha));
    const moment = (power: number) => draws.reduce((sum, x) => sum + (x - 0.5) ** power, 0) / draws.length;
    // Central moments: https://en.wikipedia.org/wiki/Beta_distribution; the kurtosis of a symmetric one is 3 - 6 / (2 alpha + 3).
    const variance = 1 / (4 * (2 * alpha + 1));
    const fourth = variance ** 2 * (3 - 6 / (2 * alpha + 3));
    // Five standard errors each.
    const error = (of: number) => 5 * Math.sqrt(of / draws.length);
    expect(Math.abs(moment(1))).toBeLessThan(error(variance));
    expect(Math.abs(moment(2) - variance)).toBeLessThan(error(fourth - variance ** 2) + 1e-12);
    expect(draws.every((x) => x >= 0 && x <= 1)).toBe(true);
  });

  it('is uniform for alpha 1: the largest distance between distribution functions is small', () => {
    const random = createRandom(6);
    const sorted = Array.from({ length: 10_000 }, () => symmetricBeta(random, 1)).sort((a, b) => a - b);
    const distance = Math.max(...sorted.map((x, i) => Math.abs(x - i / sorted.length)));
    // Kolmogorov and Smirnov: exceeded once in 10,000 samples.
    expect(distance * Math.sqrt(sorted.length)).toBeLessThan(2.3);
  });
});

describe('mixup', () => {
  const count = 6;
  // Image i has 40 i in every pixel and the label i, so that what was mixed can be read off.
  const batch = {
    images: uint8(
      [count, 2, 3, 1],
      Array.from({ length: 6 * count }, (_, i) => 40 * Math.floor(i / 6)),
    ),
    targets: float32(
      [count, count],
      Array.from({ length: count ** 2 }, (_, i) => Number(i % (count + 1) === 0)),
    ),
  };
  const mix = (alpha: number, seed: number, given = batch) => mixup.mix!({ alpha }, given, createRandom(seed));

  it('mixes targets in the shares of their images', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { images, targets } = mix(1, seed);
      for (let row = 0; row < count; row++) {
        const shares = targets.data.subarray(row * count, (row + 1) * count);
        // Shares of two images add up to 1, but for rounding to float32.
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
        expect(shares.filter((share) => share > 0).length).toBeLessThanOrEqual(2);
        const value = shares.reduce((sum, share, label) => sum + 40 * label * share, 0);
        for (const pixel of images.data.subarray(row * 6, (row + 1) * 6)) {
          expect(Math.abs(pixel - value)).toBeLessThanOrEqual(0.5001);
        }
      }
    }
  });

  it('keeps most of the images nearly whole for a small alpha', () => {
    const shares = Array.from({ length: 50 }, (_, seed) => mix(0.01, seed).targets.data).flatMap((data) => [...data]);
    const between = shares.filter((share) => share > 0.05 && share < 0.95);
    expect(between.length / (50 * count)).toBeLessThan(0.2);
  });

  it('leaves an image alone that is alone in its batch', () => {
    const single = { images: uint8([1, 1, 2, 1], [7, 200]), targets: float32([1, 2], [0, 1]) };
    expect(mix(1, 3, single)).toEqual(single);
  });

  it('refuses an alpha of 0', () => {
    expect(mixup.options.safeParse({ alpha: 0 }).success).toBe(false);
  });
});
