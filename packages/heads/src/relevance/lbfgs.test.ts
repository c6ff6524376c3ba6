import { describe, expect, it } from 'vitest';

import { lbfgs, type LbfgsOptions } from './lbfgs.js';
import type { Objective } from './wolfe-search.js';

type OneTolerance = Omit<LbfgsOptions, 'tolerances'> & { readonly tolerance: number };

async function minimize(objective: Objective, start: Float64Array, { tolerance, ...options }: OneTolerance) {
  const [result] = await lbfgs(objective, start, { ...options, tolerances: [tolerance] });
  return result!;
}

const exact = { tolerance: 1e-9, maxIterations: 500 };

/** Rosenbrock's valley: its only minimum is 0 at (1, ..., 1). */
const rosenbrock: Objective = (x, gradient) => {
  let value = 0;
  gradient.fill(0);
  for (let i = 0; i + 1 < x.length; i++) {
    const [a, b] = [1 - x[i]!, x[i + 1]! - x[i]! ** 2];
    value += a * a + 100 * b * b;
    gradient[i]! += -2 * a - 400 * x[i]! * b;
    gradient[i + 1]! += 200 * b;
  }
  return value;
};

/** sum_i k_i (x_i - i)^2 / 2 with curvatures from 1 to 10^6. */
const illConditioned: Objective = (x, gradient) => {
  let value = 0;
  for (let i = 0; i < x.length; i++) {
    const curvature = 10 ** ((6 * i) / (x.length - 1));
    gradient[i] = curvature * (x[i]! - i);
    value += (curvature * (x[i]! - i) ** 2) / 2;
  }
  return value;
};

describe('lbfgs', () => {
  it('finds the bottom of a curved valley, and leaves where it started', async () => {
    const start = Float64Array.of(-1.2, 1, -1.2, 1);
    const { x, value, converged, iterations } = await minimize(rosenbrock, start, exact);
    expect(converged).toBe(true);
    expect(iterations).toBeLessThan(100);
    x.forEach((entry) => expect(entry).toBeCloseTo(1, 8));
    expect(value).toBeLessThan(1e-15);
    expect(start).toEqual(Float64Array.of(-1.2, 1, -1.2, 1));
  });

  it('finds a minimum among curvatures a million times apart', async () => {
    // SciPy's L-BFGS-B takes 791 iterations here.
    const options = { tolerance: 1e-6, maxIterations: 1000 };
    const { x, converged } = await minimize(illConditioned, new Float64Array(12), options);
    expect(converged).toBe(true);
    x.forEach((entry, i) => expect(entry).toBeCloseTo(i, 5));
  });

  it('gives for each tolerance what it gives for that alone', async () => {
    const start = Float64Array.of(-1.2, 1);
    const tolerances = [1, 1e-3, 1e-9];
    const together = await lbfgs(rosenbrock, start, { tolerances, maxIterations: 500 });
    for (const [i, tolerance] of tolerances.entries())
      expect(await minimize(rosenbrock, start, { ...exact, tolerance })).toEqual(together[i]);
  });

  it('has nothing to do at a minimum', async () => {
    const { iterations, converged } = await minimize(rosenbrock, Float64Array.of(1, 1), exact);
    expect([iterations, converged]).toEqual([0, true]);
  });

  it('says that it did not converge', async () => {
    const { converged, iterations } = await minimize(rosenbrock, Float64Array.of(-1.2, 1), {
      ...exact,
      maxIterations: 3,
    });
    expect([converged, iterations]).toEqual([false, 3]);
  });

  it('ends where float64 admits no descent', async () => {
    const { x, converged } = await minimize(rosenbrock, Float64Array.of(-1.2, 1), {
      tolerance: 0,
      maxIterations: 10_000,
    });
    expect(converged || Math.abs(x[0]! - 1) < 1e-7).toBe(true);
  });

  it('stops where the caller says so', async () => {
    const onIteration = (iteration: number) => {
      if (iteration === 2) throw new Error('enough');
    };
    await expect(minimize(rosenbrock, Float64Array.of(-1.2, 1), { ...exact, onIteration })).rejects.toThrow('enough');
  });
});
