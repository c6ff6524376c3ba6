import type { KernelProducts } from './kernel-products.js';
import { violationOf } from './optimality.js';
import { pick, weighted, without } from './rows.js';
import { smo } from './smo.js';
import { pause, type Services, type Solution, type SolveOptions } from './solution.js';
import { startOf } from './start.js';
import { chooseWorkingSet } from './working-set.js';

/**
 * Solves the dual over more rows than a working set takes, by decomposition (Osuna, Freund and Girosi 1997, "An improved training algorithm
 * for support vector machines"): rounds that solve a working set with its kernel matrix in memory, all other weights fixed, then
 * bring the gradient of the other rows up to date. From a good start one round is often enough.
 */
export async function decompose(
  products: KernelProducts,
  rows: Int32Array,
  options: SolveOptions,
  ctx: Services,
): Promise<Solution> {
  const { tolerance, maxIterations, workingSet } = options;
  const start = await startOf(products, rows, options, ctx);
  const { alpha, gradient } = start;
  let { exact } = start;
  let violation = exact ? violationOf(start) : Infinity;
  let iterations = 0;
  while (violation >= tolerance && iterations < maxIterations) {
    const chosen = chooseWorkingSet({ alpha, gradient }, workingSet);
    const before = pick(alpha, chosen);
    const dual = {
      kernel: await products.matrix(chosen),
      alpha: before.slice(),
      gradient: exact ? pick(gradient, chosen) : await products.sums(chosen, ...weighted(rows, alpha)),
    };
    iterations += await smo(dual, {
      // As long as other rows violate the conditions far more, these need not meet them closely.
      tolerance: Math.max(tolerance / 2, exact ? violation / 40 : 0),
      iterations: maxIterations - iterations,
      pause: (moved) => pause(ctx, moved),
    });
    chosen.forEach((row, i) => (alpha[row] = dual.alpha[i]!));

    const others = without(rows, chosen);
    const change = before.map((old, i) => dual.alpha[i]! - old);
    const sums = await products.sums(others, ...(exact ? weighted(chosen, change) : weighted(rows, alpha)));
    others.forEach((row, i) => (gradient[row] = sums[i]! + (exact ? gradient[row]! : 0)));
    chosen.forEach((row, i) => (gradient[row] = dual.gradient[i]!));
    exact = true;
    violation = violationOf({ alpha, gradient });
    ctx.progress.advance(0, `violation ${violation.toPrecision(2)}`);
  }
  return { alpha, gradient, iterations, violation };
}
