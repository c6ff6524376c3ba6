import { createRandom, float32 } from '@kindred/core';
import { createTestContext } from '@kindred/core/testing';
import { describe, expect, it } from 'vitest';

import type { Kernel } from './kernel.js';
import { KernelProducts } from './kernel-products.js';
import { offsetOf } from './optimality.js';
import { solve } from './solve.js';
import type { Solution } from './solution.js';
import { spreadOf } from './spread.js';

const random = createRandom(5);
/** Three groups of different width, sorted by group, and a few rows twice. */
const x = float32([200, 3]);
for (let i = 0; i < x.data.length; i++) {
  const group = Math.floor(i / 3 / 70);
  x.data[i] = random.normal() * (1 + group) + 6 * group;
}
x.data.copyWithin(0, 300, 330);

const TOLERANCE = 1e-5;

async function solved(kernel: Kernel, nu: number, workingSet: number, maxIterations = 1e6): Promise<Solution> {
  const ctx = createTestContext();
  const products = await KernelProducts.open(ctx, x, kernel, spreadOf(x));
  try {
    return await solve(products, { nu, tolerance: TOLERANCE, maxIterations, workingSet }, ctx);
  } finally {
    await products.dispose();
  }
}

const numbers = { gamma: 0.05, degree: 3, coef0: 1 };

describe('decomposition into working sets', () => {
  it.each([
    [{ ...numbers, kind: 'rbf' }, 0.1],
    [{ ...numbers, kind: 'rbf' }, 0.7],
    [{ ...numbers, kind: 'rbf', gamma: 5 }, 0.2],
    [{ ...numbers, kind: 'rbf' }, 0.001],
    [{ ...numbers, kind: 'linear' }, 0.5],
    [{ ...numbers, kind: 'polynomial', degree: 2, gamma: 0.01 }, 0.2],
  ] as [Kernel, number][])('finds the optimum that one set of all rows finds: %o, nu %d', async (kernel, nu) => {
    const whole = await solved(kernel, nu, 200);
    for (const workingSet of [16, 64]) {
      const parts = await solved(kernel, nu, workingSet);
      expect(parts.violation).toBeLessThan(TOLERANCE);
      expect(parts.alpha.every((alpha) => alpha >= 0 && alpha <= 1)).toBe(true);
      expect(parts.alpha.reduce((sum, alpha) => sum + alpha, 0)).toBeCloseTo(nu * 200, 9);
      // Gradients are decision values before the offset. What the tolerance leaves open in them goes with its square root.
      const scale = Math.max(...whole.gradient.map(Math.abs));
      const errors = parts.gradient.map((value, i) => Math.abs(value - whole.gradient[i]!) / scale);
      expect(Math.max(...errors)).toBeLessThan(1e-3);
      expect(Math.abs(offsetOf(parts) - offsetOf(whole)) / scale).toBeLessThan(1e-3);
    }
  });

  it('ends when its iterations end, and tells what is left of the violation', async () => {
    const { iterations, violation } = await solved({ ...numbers, kind: 'rbf', gamma: 5 }, 0.2, 16, 40);
    expect(iterations).toBe(40);
    expect(violation).toBeGreaterThan(TOLERANCE);
  });

  it('gives the same bits each time', async () => {
    const kernel: Kernel = { ...numbers, kind: 'rbf' };
    expect(await solved(kernel, 0.1, 32)).toEqual(await solved(kernel, 0.1, 32));
  });
});
