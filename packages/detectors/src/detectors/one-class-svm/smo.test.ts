import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { violationOf } from './optimality.js';
import { smo } from './smo.js';

const limits = { tolerance: 1e-9, iterations: 1e5, pause: () => Promise.resolve() };

/** Starts at `alpha` with the gradient that belongs to it. */
async function minimize(kernel: number[], alpha: number[], tolerance = limits.tolerance) {
  const size = alpha.length;
  const gradient = alpha.map((_, i) => alpha.reduce((sum, a, j) => sum + a * kernel[i * size + j]!, 0));
  const dual = {
    kernel: Float32Array.from(kernel),
    alpha: Float64Array.from(alpha),
    gradient: Float64Array.from(gradient),
  };
  const iterations = await smo(dual, { ...limits, tolerance });
  return { ...dual, iterations };
}

describe('sequential minimal optimization', () => {
  it('shares weight evenly among rows that are equally far apart', async () => {
    const { alpha } = await minimize([1, 0, 0, 0, 1, 0, 0, 0, 1], [1, 0.5, 0]);
    for (const weight of alpha) expect(weight).toBeCloseTo(0.5, 8);
  });

  it('takes weight from rows in proportion to their squared lengths', async () => {
    // min (a² + 4 b²) / 2 with a + b = 1: a = 4/5.
    const { alpha, iterations } = await minimize([1, 0, 0, 4], [0, 1]);
    expect(alpha[0]).toBeCloseTo(0.8, 12);
    expect(iterations).toBe(1);
  });

  it('stays at a bound exactly', async () => {
    const { alpha } = await minimize([1, 0, 0, 100], [0.5, 1]);
    expect([...alpha]).toEqual([1, 0.5]);
  });

  it('moves nothing between equal rows', async () => {
    expect((await minimize([1, 1, 1, 1], [1, 0])).iterations).toBe(0);
  });

  it('meets the conditions of optimality on any positive semidefinite matrix, and keeps the sum', async () => {
    const entry = fc.double({ min: -2, max: 2, noNaN: true });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(entry, entry, entry), { minLength: 2, maxLength: 12 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        async (rows, nu) => {
          const kernel = rows.flatMap((a) => rows.map((b) => Math.fround(a[0] * b[0] + a[1] * b[1] + a[2] * b[2])));
          // A ridge as wide as float32's rounding keeps it semidefinite.
          rows.forEach((_, i) => (kernel[i * rows.length + i]! += 1e-3));
          // Along directions as flat as the ridge pairs of rows approach the optimum slowly.
          const tolerance = 1e-6;
          const start = rows.map((_, i) => Math.max(0, Math.min(1, nu * rows.length - i)));
          const result = await minimize(kernel, start, tolerance);
          expect(violationOf(result)).toBeLessThan(tolerance);
          expect(result.alpha.reduce((sum, a) => sum + a, 0)).toBeCloseTo(nu * rows.length, 9);
          expect(result.alpha.every((a) => a >= 0 && a <= 1)).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });
});
