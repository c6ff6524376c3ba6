import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { fitAndApply, largestError, matrix } from '../../../test/run-estimator.js';

import { l2Normalize } from './l2-normalize.js';

const fixture = JSON.parse(readFileSync(new URL('../fixtures/l2-normalize.json', import.meta.url), 'utf8')) as {
  x: number[][];
  expected: number[][];
};

describe('l2-normalize', () => {
  it("equals scikit-learn's Normalizer, a row of zeros staying one", async () => {
    const { data } = await fitAndApply(l2Normalize, {}, matrix(fixture.x));
    // Values up to 1 in float32.
    expect(largestError(data, fixture.expected.flat())).toBeLessThan(1e-6);
    expect([...data.slice(30, 36)]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it.each([1e30, 1e-30])('keeps the squares of values around %d from overflow and underflow', async (size) => {
    const { data } = await fitAndApply(l2Normalize, {}, matrix([[3 * size, -4 * size]]));
    expect(largestError(data, [0.6, -0.8])).toBeLessThan(1e-6);
  });
});
