import type { Rows } from './standardize.js';
import { dot, largest } from './vectors.js';

/** A pivot below this share of its row's square is what rounding leaves of 0. */
const RANK = 1e-10;

/** Rows in another basis, and the way back. */
export interface ReducedRows {
  readonly rows: Rows;
  /** Weights and bias, or a gradient of them, for the rows as they were. */
  readonly expand: (weights: Float64Array) => Float64Array;
  /** The largest entry of a gradient so expanded; a lower bound where that is above `tolerance`. */
  readonly size: (gradient: Float64Array, tolerance: number) => number;
}

/**
 * Fewer columns for more features than rows: X = L Q, where the rows of Q are orthonormal and L `[N, N]` is the Cholesky factor of X X^T.
 * A penalised linear model has its weights w = Q^T v among the rows, and |w| = |v|: fitted to L it takes the same steps as fitted to
 * X, at N / D of the cost.
 */
export function reduceRows(x: Rows): ReducedRows {
  if (x.count >= x.width) return { rows: x, expand: (weights) => weights, size: largest };
  const lower = choleskyOfProducts(x);
  const expand = (weights: Float64Array): Float64Array => {
    const combination = solveTransposed(lower, x.count, weights);
    const expanded = new Float64Array(x.width + 1);
    for (let i = 0; i < x.count; i++) {
      for (let j = 0; j < x.width; j++) expanded[j]! += combination[i]! * x.values[i * x.width + j]!;
    }
    expanded[x.width] = weights[x.count]!;
    return expanded;
  };
  return {
    rows: { count: x.count, width: x.count, values: lower },
    expand,
    size(gradient, tolerance) {
      const least = Math.sqrt(dot(gradient, gradient) / (x.width + 1));
      return least > tolerance ? least : largest(expand(gradient));
    },
  };
}

/** L of X X^T = L L^T, row-major `[N, N]`; a row that depends on those before it has 0 on the diagonal, and so its column. */
function choleskyOfProducts({ count, width, values }: Rows): Float64Array {
  const lower = new Float64Array(count * count);
  const row = (i: number) => values.subarray(i * width, (i + 1) * width);
  for (let i = 0; i < count; i++) {
    const own = lower.subarray(i * count, i * count + i);
    for (let j = 0; j < i; j++) {
      const pivot = lower[j * count + j]!;
      if (pivot === 0) continue;
      const before = lower.subarray(j * count, j * count + j);
      own[j] = (dot(row(i), row(j)) - dot(before, own)) / pivot;
    }
    const square = dot(row(i), row(i));
    const rest = square - dot(own, own);
    lower[i * count + i] = rest > RANK * square ? Math.sqrt(rest) : 0;
  }
  return lower;
}

/** a of L^T a = v by back substitution, 0 where the diagonal is. */
function solveTransposed(lower: Float64Array, count: number, v: Float64Array): Float64Array {
  const a = v.slice(0, count);
  for (let i = count - 1; i >= 0; i--) {
    const pivot = lower[i * count + i]!;
    a[i] = pivot === 0 ? 0 : a[i]! / pivot;
    for (let j = 0; j < i; j++) a[j]! -= lower[i * count + j]! * a[i]!;
  }
  return a;
}
