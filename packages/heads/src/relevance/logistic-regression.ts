import { lbfgs, type LbfgsOptions } from './lbfgs.js';
import type { Rows } from './standardize.js';
import type { Objective } from './wolfe-search.js';

export interface LogisticOptions extends LbfgsOptions {
  /** The inverse of the strength of the penalty |w|^2 / 2, as scikit-learn's; the bias is not penalised. */
  readonly C: number;
}

/** One for each tolerance. */
export interface LogisticFit {
  /** Weights `[D]` and, at the end, the bias. */
  readonly weights: Float64Array;
  readonly converged: boolean;
}

/**
 * Logistic regression with an L2 penalty: minimises C sum_i s_i log(1 + exp(-z_i)) + |w|^2 / 2 over w and the bias, divided by
 * C sum_i s_i, so that the tolerance means what scikit-learn's means. `y` is 1 or 0 and `importance` s `[N]` positive.
 */
export async function fitLogistic(
  x: Rows,
  { y, importance }: { readonly y: Uint8Array; readonly importance: Float64Array },
  options: LogisticOptions,
): Promise<LogisticFit[]> {
  const total = importance.reduce((sum, value) => sum + value, 0);
  const penalty = 1 / (options.C * total);
  const residuals = new Float64Array(x.count);
  const objective: Objective = (weights, gradient) => {
    const z = decisions(x, weights);
    let loss = 0;
    for (let i = 0; i < x.count; i++) {
      const share = importance[i]! / total;
      loss += share * softplus(y[i] === 1 ? -z[i]! : z[i]!);
      residuals[i] = share * (sigmoid(z[i]!) - y[i]!);
    }
    return loss + addGradient(x, residuals, { weights, gradient, penalty });
  };
  const reduced = await lbfgs(objective, new Float64Array(x.width + 1), options);
  return reduced.map(({ x: weights, converged }) => ({ weights, converged }));
}

/** z `[N]` = x w + bias. */
export function decisions({ count, width, values }: Rows, weights: Float64Array): Float64Array {
  const z = new Float64Array(count);
  for (let i = 0; i < count; i++) z[i] = weights[width]! + rowProduct(values, i * width, weights, width);
  return z;
}

/** Writes x^T r + penalty w to the gradient, and returns what the penalty adds to the value. */
function addGradient(
  { count, width, values }: Rows,
  residuals: Float64Array,
  at: { readonly weights: Float64Array; readonly gradient: Float64Array; readonly penalty: number },
): number {
  const { weights, gradient, penalty } = at;
  let squares = 0;
  for (let j = 0; j < width; j++) {
    squares += weights[j]! ** 2;
    gradient[j] = penalty * weights[j]!;
  }
  gradient[width] = 0;
  for (let i = 0; i < count; i++) {
    addRow(gradient, values, i * width, residuals[i]!, width);
    gradient[width] += residuals[i]!;
  }
  return (penalty * squares) / 2;
}

/** Four sums side by side: one alone would wait for each addition. */
function rowProduct(values: Float64Array, start: number, weights: Float64Array, width: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  let j = 0;
  for (; j + 3 < width; j += 4) {
    a += values[start + j]! * weights[j]!;
    b += values[start + j + 1]! * weights[j + 1]!;
    c += values[start + j + 2]! * weights[j + 2]!;
    d += values[start + j + 3]! * weights[j + 3]!;
  }
  for (; j < width; j++) a += values[start + j]! * weights[j]!;
  return a + b + (c + d);
}

function addRow(sums: Float64Array, values: Float64Array, start: number, factor: number, width: number): void {
  for (let j = 0; j < width; j++) sums[j]! += factor * values[start + j]!;
}

/** log(1 + exp(z)), without overflow. */
export const softplus = (z: number): number => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));

const sigmoid = (z: number): number => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)));
