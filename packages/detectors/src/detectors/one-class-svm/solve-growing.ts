import type { KernelProducts } from './kernel-products.js';
import { violationOf } from './optimality.js';
import { filled, pick, without } from './rows.js';
import { smo } from './smo.js';
import { pause, type Services, type Solution, type SolveOptions } from './solution.js';

/** Of the rows that weight starts on, and beside them, so many are in the first set: two sets then mostly do. */
const MORE = { times: 1.25, and: 64 };

/** Columns of the kernel matrix `[N, N]`: `values` `[N, places.length]`. */
interface Block {
  readonly places: Int32Array;
  readonly values: Float32Array;
}

/**
 * Over `rows` alone, with as few columns of their kernel matrix as it takes: a first set of rows is solved by itself, then together with
 * as many of the others as violate the conditions of optimality most, until none do.
 */
export async function solveGrowing(
  products: KernelProducts,
  rows: Int32Array,
  { nu, tolerance, maxIterations }: SolveOptions,
  ctx: Services,
): Promise<Solution> {
  const size = rows.length;
  const { order, count } = firstSet(products, rows, nu);
  const alpha = filled(order, nu * size);
  const gradient = new Float64Array(size);
  const blocks: Block[] = [];
  let chosen = order.subarray(0, 0);
  let violation = Infinity;
  let iterations = 0;
  const columns = await products.columns(rows);
  try {
    while (violation >= tolerance && iterations < maxIterations && chosen.length < size) {
      const places = chosen.length === 0 ? order.slice(0, count) : lowest(gradient, chosen, count);
      const block = { places, values: await columns.of(places) };
      if (chosen.length === 0) addSums(gradient, block, pick(alpha, places));
      blocks.push(block);
      chosen = Int32Array.of(...chosen, ...places);

      const before = pick(alpha, chosen);
      const dual = { kernel: among(chosen, blocks), alpha: before.slice(), gradient: pick(gradient, chosen) };
      iterations += await smo(dual, {
        tolerance,
        iterations: maxIterations - iterations,
        pause: (moved) => pause(ctx, moved),
      });
      if (chosen.length < size) {
        const change = before.map((old, i) => dual.alpha[i]! - old);
        let left = 0;
        for (const each of blocks) addSums(gradient, each, change.subarray(left, (left += each.places.length)));
      }
      chosen.forEach((place, i) => {
        alpha[place] = dual.alpha[i]!;
        gradient[place] = dual.gradient[i]!;
      });
      violation = violationOf({ alpha, gradient });
    }
  } finally {
    await columns.dispose();
  }
  return { alpha, gradient, iterations, violation };
}

/**
 * Places in `rows`, those to begin with first. A gaussian kernel finds the support vectors among the rows farthest from the centre, mostly.
 * Other kernels need most rows, and begin where libsvm does, because those that are not positive definite (sigmoid) have several optima.
 */
function firstSet({ spread }: KernelProducts, rows: Int32Array, nu: number): { order: Int32Array; count: number } {
  const order = rows.map((_, place) => place);
  const count = Math.ceil(MORE.times * nu * rows.length) + MORE.and;
  if (!spread || count > rows.length / 2) return { order, count: rows.length };
  const distances = pick(spread.distances, rows);
  return { order: order.sort((a, b) => distances[b]! - distances[a]! || a - b), count };
}

/** The `count` places of lowest gradient that are not chosen: they have no weight, and gain most by it. */
function lowest(gradient: Float64Array, chosen: Int32Array, count: number): Int32Array {
  const places = Int32Array.from(gradient.keys());
  return without(places, chosen)
    .sort((a, b) => gradient[a]! - gradient[b]! || a - b)
    .slice(0, count);
}

/** Adds `sum_j weights[j] values[i, j]` to each `sums[i]`. */
function addSums(sums: Float64Array, { values }: Block, weights: Float64Array): void {
  const width = weights.length;
  for (let i = 0, at = 0; i < sums.length; i++, at += width) {
    let sum = 0;
    for (let j = 0; j < width; j++) sum += weights[j]! * values[at + j]!;
    sums[i]! += sum;
  }
}

/** The kernel matrix of the rows at `chosen`, which are the blocks' places one after another. */
function among(chosen: Int32Array, blocks: readonly Block[]): Float32Array {
  const [first] = blocks;
  if (first && chosen.length * chosen.length === first.values.length) return first.values;
  const matrix = new Float32Array(chosen.length ** 2);
  let left = 0;
  for (const { places, values } of blocks) {
    const width = places.length;
    chosen.forEach((place, i) => {
      matrix.set(values.subarray(place * width, (place + 1) * width), i * chosen.length + left);
    });
    left += width;
  }
  return matrix;
}
