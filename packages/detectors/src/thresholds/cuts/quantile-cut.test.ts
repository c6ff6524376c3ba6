import { createRandom } from '@kindred/core';
import { describe, expect, it } from 'vitest';

import { quantileCut, scoresNeeded } from './quantile-cut.js';

const upTo = (count: number) => Float32Array.from({ length: count }, (_, i) => count - i);

describe('a quantile of scores', () => {
  it.each([
    // floor(rate (n + 1)) is the rank.
    [0.05, 100, { threshold: 5, below: 4, tooFew: false }],
    [0.05, 19, { threshold: 1, below: 0, tooFew: false }],
    [0.05, 18, { threshold: 1, below: 0, tooFew: true }],
    [0.29, 99, { threshold: 29, below: 28, tooFew: false }],
    [0.5, 1, { threshold: 1, below: 0, tooFew: false }],
    [0.99, 10, { threshold: 10, below: 9, tooFew: false }],
  ])('%d of %d numbers', (rate, count, expected) => {
    expect(quantileCut(upTo(count), rate)).toEqual(expected);
  });

  it('never parts equal scores', () => {
    expect(quantileCut(Float32Array.of(1, 2, 2, 2, 2, 3, 4, 5, 6), 0.4)).toEqual({
      threshold: 2,
      below: 1,
      tooFew: false,
    });
  });

  it.each([0.01, 0.05, 0.07, 0.29, 0.5])('needs as many scores as it says for %d', (rate) => {
    const needed = scoresNeeded(rate);
    expect(quantileCut(upTo(needed), rate).tooFew).toBe(false);
    expect(needed === 1 || quantileCut(upTo(needed - 1), rate).tooFew).toBe(true);
  });

  it('leaves a new score below it as often as asked, in the mean over many samples', () => {
    const random = createRandom(3);
    const [rate, count, rounds] = [0.1, 29, 4000];
    let below = 0;
    for (let round = 0; round < rounds; round++) {
      const { threshold } = quantileCut(
        Float32Array.from({ length: count }, () => random.normal()),
        rate,
      );
      if (random.normal() < threshold) below++;
    }
    // Three of thirty: a binomial share whose standard error is .0047. Four of them.
    expect(Math.abs(below / rounds - 0.1)).toBeLessThan(0.019);
  });
});
