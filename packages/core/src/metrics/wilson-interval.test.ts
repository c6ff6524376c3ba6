import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { normalQuantile } from './normal-quantile.js';
import { wilsonInterval } from './wilson-interval.js';

const fixture = JSON.parse(readFileSync(new URL('fixtures/intervals.json', import.meta.url), 'utf8')) as {
  wilson: { hits: number; trials: number; level: number; lower: number; upper: number }[];
  normal: { chance: number; quantile: number }[];
};

describe("Wilson's interval", () => {
  it.each(fixture.wilson)('of $hits of $trials at $level equals that of SciPy', ({ hits, trials, level, ...ends }) => {
    const { lower, upper } = wilsonInterval(hits, trials, level);
    expect(lower).toBeCloseTo(ends.lower, 13);
    expect(upper).toBeCloseTo(ends.upper, 13);
    expect(lower).toBeGreaterThanOrEqual(0);
    expect(upper).toBeLessThanOrEqual(1);
  });

  it('has the level .95 unless told', () => {
    expect(wilsonInterval(3, 8)).toEqual(wilsonInterval(3, 8, 0.95));
  });

  it('is everything without trials', () => {
    expect(wilsonInterval(0, 0)).toEqual({ lower: 0, upper: 1 });
  });

  it.each([
    [-1, 3, 0.95],
    [4, 3, 0.95],
    [NaN, 3, 0.95],
    [1, 3, 0],
    [1, 3, 1],
  ])('is refused for %d of %d at %d', (hits, trials, level) => {
    expect(() => wilsonInterval(hits, trials, level)).toThrow(RangeError);
  });
});

describe('the quantile of the normal distribution', () => {
  it.each(fixture.normal)('at $chance equals that of SciPy', ({ chance, quantile }) => {
    // The published coefficients promise about 1e-15 relative; near 0 the difference p - 0.5 loses digits.
    expect(Math.abs(normalQuantile(chance) - quantile)).toBeLessThan(1e-13 * Math.max(1, Math.abs(quantile)));
  });
});
