import type { KernelProducts } from './kernel-products.js';
import type { Point } from './optimality.js';
import { filled, pick, weighted } from './rows.js';
import type { Services, SolveOptions } from './solution.js';
import { solveGrowing } from './solve-growing.js';

export interface Start extends Point {
  /** Whether `gradient` is that of `alpha`, or an estimate of where the boundary lies. */
  readonly exact: boolean;
}

/**
 * Where to start with more rows than a working set takes. A sample of them is solved by itself and scores all; weight on the rows of
 * lowest score puts most on the right side of the boundary at once. Where that is worse than weight on rows drawn by chance, which
 * happens if many directions cancel each other (odd kernels on centred features), the latter.
 */
export async function startOf(
  products: KernelProducts,
  rows: Int32Array,
  options: SolveOptions,
  ctx: Services,
): Promise<Start> {
  const total = options.nu * rows.length;
  const sampleSize = Math.ceil(options.workingSet / 2);
  const shuffled = Int32Array.from(ctx.random.shuffle([...rows]));
  const sample = shuffled.slice(0, sampleSize).sort();
  const { alpha } = await solveGrowing(products, sample, options, ctx);
  const scores = await products.sums(rows, ...weighted(sample, alpha));

  const ranking = rows.slice().sort((a, b) => scores[a]! - scores[b]! || a - b);
  const ranked = filled(ranking, total);
  const drawn = filled(shuffled, total);
  const rankedEnergy = await energyOf(products, ranking, ranked, sampleSize);
  if (rankedEnergy <= (await energyOf(products, shuffled, drawn, sampleSize))) {
    return { alpha: ranked, gradient: scores, exact: false };
  }
  return { alpha: drawn, gradient: await products.sums(rows, ...weighted(rows, drawn)), exact: true };
}

/** The objective per squared weight, estimated from at most `limit` of the rows that have weight, evenly spaced in `order`. */
async function energyOf(
  products: KernelProducts,
  order: Int32Array,
  alpha: Float64Array,
  limit: number,
): Promise<number> {
  const support = order.filter((row) => alpha[row]! > 0);
  const stride = Math.ceil(support.length / limit);
  const some = support.filter((_, i) => i % stride === 0);
  const weights = pick(alpha, some);
  const sums = await products.sums(some, some, weights);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return sums.reduce((sum, value, i) => sum + value * weights[i]!, 0) / total ** 2;
}
