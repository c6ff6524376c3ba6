import { createRandom, type Engine, float32 } from '@kindred/core';
import { createTestContext } from '@kindred/core/testing';
import { describe, expect, it } from 'vitest';

import type { Kernel } from './kernel.js';
import { KernelProducts } from './kernel-products.js';
import { violationOf } from './optimality.js';
import { solve } from './solve.js';
import { spreadOf } from './spread.js';

const ROWS = 500;
const random = createRandom(7);
const x = float32(
  [ROWS, 4],
  Float32Array.from({ length: 4 * ROWS }, () => 100 + random.normal()),
);
const gamma = 0.2;

/** The engine of tests, and how many rows each run was given. */
function recording(): { engine: Engine; runs: number[] } {
  const { engine } = createTestContext();
  const runs: number[] = [];
  const compile: Engine['compile'] = async (...given) => {
    const executable = await engine.compile(...given);
    return {
      ...executable,
      run: (inputs, options) => {
        if (inputs['rows']) runs.push(inputs['rows'].shape[0]!);
        return executable.run(inputs, options);
      },
    };
  };
  return { engine: { ...engine, compile }, runs };
}

async function solved(kind: Kernel['kind'], nu: number) {
  const { engine, runs } = recording();
  const ctx = createTestContext({ engine });
  const products = await KernelProducts.open(ctx, x, { kind, gamma, degree: 2, coef0: 0 }, spreadOf(x));
  try {
    const options = { nu, tolerance: 1e-4, maxIterations: 1e6, workingSet: ROWS };
    return { ...(await solve(products, options, ctx)), columns: runs.reduce((sum, rows) => sum + rows, 0) };
  } finally {
    await products.dispose();
  }
}

function gaussianSums(alpha: Float64Array): Float64Array {
  const row = (i: number) => x.data.subarray(4 * i, 4 * i + 4);
  const distance = (i: number, j: number) => row(i).reduce((sum, value, k) => sum + (value - row(j)[k]!) ** 2, 0);
  return alpha.map((_, i) =>
    alpha.reduce((sum, a, j) => (a === 0 ? sum : sum + a * Math.exp(-gamma * distance(i, j))), 0),
  );
}

describe('a set of rows that grows', () => {
  it.each([0.01, 0.05, 0.2])('meets the conditions of optimality over all rows, nu %d', async (nu) => {
    const { alpha, gradient, violation } = await solved('rbf', nu);
    expect(violation).toBeLessThan(1e-4);
    expect(alpha.every((weight) => weight >= 0 && weight <= 1)).toBe(true);
    expect(alpha.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(nu * ROWS, 9);
    const exact = gaussianSums(alpha);
    // Kernel values in float32, of features that lose five decimals at 100.
    exact.forEach((value, i) => expect(Math.abs(gradient[i]! - value)).toBeLessThan(2e-6 * nu * ROWS + 1e-5));
    expect(violationOf({ alpha, gradient: exact })).toBeLessThan(1.5e-4);
  });

  it('needs few columns of the kernel matrix where nu is small, and all where it is not', async () => {
    expect((await solved('rbf', 0.05)).columns).toBeLessThan(0.6 * ROWS);
    expect((await solved('rbf', 0.5)).columns).toBe(ROWS);
  });

  it('begins with all rows for kernels with several optima', async () => {
    expect((await solved('sigmoid', 0.05)).columns).toBe(ROWS);
  });
});
