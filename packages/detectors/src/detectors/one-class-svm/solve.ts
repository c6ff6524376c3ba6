import type { Context } from '@kindred/core';

import { decompose } from './decompose.js';
import type { KernelProducts } from './kernel-products.js';
import type { Solution, SolveOptions } from './solution.js';
import { solveGrowing } from './solve-growing.js';

/**
 * Minimizes `1/2 a'Ka` with `0 <= a <= 1` and `sum a = nu N` over the N rows of `products`: the dual of Schölkopf et al. 2001, "Estimating
 * the support of a high-dimensional distribution", scaled as libsvm scales it.
 */
export async function solve(products: KernelProducts, options: SolveOptions, ctx: Context): Promise<Solution> {
  const rows = Int32Array.from({ length: products.rows }, (_, i) => i);
  const progress = ctx.progress.start({ name: 'one-class-svm', unit: 'iterations' });
  const services = { signal: ctx.signal, random: ctx.random, progress };
  try {
    return rows.length <= options.workingSet
      ? await solveGrowing(products, rows, options, services)
      : await decompose(products, rows, options, services);
  } finally {
    progress.end();
  }
}
