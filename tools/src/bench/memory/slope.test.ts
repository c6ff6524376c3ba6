import { describe, expect, it } from 'vitest';

import { slopeOf } from './slope.js';

describe('the slope of memory over predictions', () => {
  it('is that of a line, without doubt', () => {
    const slope = slopeOf([0, 1, 2, 3].map((x) => ({ x, y: 5 + 2 * x })));
    expect(slope).toEqual({ perUnit: 2, low: 2, high: 2 });
  });

  it('is as scipy.stats.linregress has it for points beside a line', () => {
    // linregress([1, 2, 3, 4, 5], [2, 1, 4, 3, 7]): slope 1.2, stderr 0.476095
    const slope = slopeOf([2, 1, 4, 3, 7].map((y, i) => ({ x: i + 1, y })));
    expect(slope.perUnit).toBeCloseTo(1.2, 12);
    expect((slope.high - slope.perUnit) / 1.96).toBeCloseTo(0.476095, 6);
    expect(slope.perUnit - slope.low).toBeCloseTo(slope.high - slope.perUnit, 12);
  });

  it('cannot be told from two points', () => {
    expect(() => slopeOf([{ x: 0, y: 1 }, { x: 1, y: 2 }])).toThrow(RangeError); // prettier-ignore
  });
});
