import { decompose } from './decompose.js';
import type { KernelProducts } from './kernel-products.js';
import { type Services, type Solution, solveWhole, type SolveOptions } from './solve-whole.js';

/**
 * Minimizes `1/2 a'Ka` with `0 <= a <= 1` and `sum a = nu N` over the N rows of `products`: the dual of Schölkopf et al. 2001, "Estimating
 * the support of a high-dimensional distribution", scaled as libsvm scales it.
 */
export function solve(products: KernelProducts, options: SolveOptions, ctx: Services): Promise<Solution> {
  const rows = Int32Array.from({ length: products.rows }, (_, i) => i);
  return rows.length <= options.workingSet
    ? solveWhole(products, rows, options, ctx)
    : decompose(products, rows, options, ctx);
}
