import { setImmediate as turn } from 'node:timers/promises';

import type { Context, ProgressStep } from '@kindred/core';

import type { KernelProducts } from './kernel-products.js';
import { type Point, violationOf } from './optimality.js';
import { filled } from './rows.js';
import { smo } from './smo.js';

export interface SolveOptions {
  /** Upper bound of the share of outliers, in (0, 1]. */
  readonly nu: number;
  readonly tolerance: number;
  /** Pairs of rows that may be moved in all. */
  readonly maxIterations: number;
  /** Rows whose kernel matrix, `4 * workingSet^2` bytes, is in memory at once. */
  readonly workingSet: number;
}

export interface Solution extends Point {
  readonly iterations: number;
  /** By how much the conditions of optimality are violated; below the tolerance if the solver converged. */
  readonly violation: number;
}

export interface Services extends Pick<Context, 'signal' | 'random'> {
  readonly progress: ProgressStep;
}

/**
 * Over `rows` alone, with their whole kernel matrix in memory. It starts where libsvm does, because kernels that are not positive
 * definite (sigmoid) have several optima.
 */
export async function solveWhole(
  products: KernelProducts,
  rows: Int32Array,
  { nu, tolerance, maxIterations }: SolveOptions,
  ctx: Services,
): Promise<Solution> {
  const size = rows.length;
  const kernel = await products.matrix(rows);
  const alpha = filled(
    rows.map((_, i) => i),
    nu * size,
  );
  const gradient = new Float64Array(size);
  for (let j = 0; j < size && alpha[j]! > 0; j++) {
    for (let i = 0; i < size; i++) gradient[i]! += alpha[j]! * kernel[j * size + i]!;
  }
  const limits = { tolerance, iterations: maxIterations, pause: (moved: number) => pause(ctx, moved) };
  const iterations = await smo({ kernel, alpha, gradient }, limits);
  return { alpha, gradient, iterations, violation: violationOf({ alpha, gradient }) };
}

/** Reports progress, lets the event loop turn, and stops here if the run was stopped. */
export async function pause({ signal, progress }: Services, moved: number): Promise<void> {
  progress.advance(moved);
  await turn();
  signal.throwIfAborted();
}
