import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { createRandom } from '../context/random.js';

import { bootstrapIntervals, quantile } from './bootstrap.js';

const { quantiles } = JSON.parse(readFileSync(new URL('fixtures/metrics.json', import.meta.url), 'utf8')) as {
  quantiles: { values: number[]; levels: number[]; expected: number[] };
};
const info = { resamples: 4000, level: 0.95 };

/** The mean over drawn images of `values`. */
const meanOf = (values: readonly number[]) => (counts: Uint32Array) =>
  values.reduce((sum, value, i) => sum + value * counts[i]!, 0) / counts.reduce((sum, count) => sum + count, 0);

describe('quantile', () => {
  it.each(quantiles.levels.map((level, i) => [level, quantiles.expected[i]!]))('equals NumPy at %d', (level, value) => {
    expect(quantile(Float64Array.from(quantiles.values).sort(), level)).toBeCloseTo(value, 12);
  });

  it('of one value is that value', () => {
    expect(quantile(Float64Array.of(7), 0.975)).toBe(7);
  });
});

describe('bootstrapIntervals', () => {
  it("gives a mean the interval of the normal distribution with the bootstrap's variance", () => {
    const random = createRandom(5);
    const values = Array.from({ length: 400 }, () => random.normal());
    const mean = values.reduce((sum, value) => sum + value, 0) / 400;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 400 / 400);
    const [interval] = bootstrapIntervals([meanOf(values)], 400, createRandom(1), info);
    // A 2.5 % quantile of 4000 draws has a standard error of about .042 deviations: four of them.
    expect(Math.abs(interval!.lower - (mean - 1.96 * deviation))).toBeLessThan(0.17 * deviation);
    expect(Math.abs(interval!.upper - (mean + 1.96 * deviation))).toBeLessThan(0.17 * deviation);
  });

  it('draws as many images as there are, the same for every statistic', () => {
    const drawn: number[][] = [[], []];
    const record = (list: number[]) => (counts: Uint32Array) =>
      list.push(
        counts.reduce((sum, count) => sum + count, 0),
        counts[0]!,
      );
    bootstrapIntervals(drawn.map(record), 10, createRandom(1), { resamples: 50, level: 0.9 });
    expect(drawn[0]!.filter((_, i) => i % 2 === 0)).toEqual(Array(50).fill(10));
    expect(drawn[0]).toEqual(drawn[1]);
  });

  it('leaves out draws without a value, and is null if there are no others', () => {
    const rare = (counts: Uint32Array) => (counts[0] === 0 ? NaN : 3);
    expect(bootstrapIntervals([rare, () => NaN], 5, createRandom(1), info)).toEqual([{ lower: 3, upper: 3 }, null]);
  });

  it('repeats itself for the same seed', () => {
    const once = () => bootstrapIntervals([meanOf([1, 2, 4, 8])], 4, createRandom(3), info);
    expect(once()).toEqual(once());
  });
});
