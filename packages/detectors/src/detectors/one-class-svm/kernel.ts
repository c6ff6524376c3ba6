import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** A kernel function with all its numbers; those that a kind does not use are ignored. */
export interface Kernel {
  /** `exp(-gamma |x - y|^2)`, `x·y`, `(gamma x·y + coef0)^degree` or `tanh(gamma x·y + coef0)`. */
  readonly kind: 'rbf' | 'linear' | 'polynomial' | 'sigmoid';
  readonly gamma: number;
  readonly degree: number;
  readonly coef0: number;
}

/** Rows of `y` whose kernel values are in memory at once, beside each other. */
const BLOCK = 1024;

/** Kernel values `[N, M]` between the rows of `x` `[N, D]` and of `y` `[M, D]`, by one matrix product. */
export function kernelMatrix(kernel: Kernel, x: Tensor, y: Tensor): Tensor {
  const { kind, gamma, degree, coef0 } = kernel;
  if (kind === 'rbf') return gaussian(gamma, x, y);
  const product = tf.matMul(x, y, false, true);
  if (kind === 'linear') return product;
  const affine = tf.add(tf.mul(product, gamma), coef0);
  return kind === 'sigmoid' ? tf.tanh(affine) : power(affine, degree);
}

/**
 * `sum_j coefficients[j] K(x_i, y_j)` as `[N]`, for `coefficients` `[M]`. Memory beside the result is bounded by `N * 1024` values,
 * however many rows `y` has.
 */
export function kernelSums(kernel: Kernel, x: Tensor, y: Tensor, coefficients: Tensor): Tensor {
  const column = tf.reshape(coefficients, [-1, 1]);
  const [rows, columns] = y.shape as [number, number];
  if (kernel.kind === 'linear') {
    const weights = tf.matMul(y, column, true, false);
    return tf.reshape(tf.matMul(x, weights), [-1]);
  }
  const sums: Tensor[] = [];
  for (let start = 0; start < rows; start += BLOCK) {
    const size = Math.min(BLOCK, rows - start);
    const values = kernelMatrix(kernel, x, tf.slice(y, [start, 0], [size, columns]));
    sums.push(tf.matMul(values, tf.slice(column, [start, 0], [size, 1])));
  }
  return tf.reshape(
    sums.reduce((sum, next) => tf.add(sum, next)),
    [-1],
  );
}

/** Rounding may make the exponent positive, for long rows even great: it is cut off at 0. */
function gaussian(gamma: number, x: Tensor, y: Tensor): Tensor {
  const shares = (rows: Tensor) => tf.mul(tf.sum(tf.square(rows), 1, true), -gamma);
  const product = tf.matMul(x, tf.mul(y, 2 * gamma), false, true);
  const exponent = tf.add(tf.add(product, tf.reshape(shares(y), [1, -1])), shares(x));
  return tf.exp(tf.minimum(exponent, 0));
}

/** By squaring: powers of negative numbers stay exact in sign on every engine. */
function power(x: Tensor, degree: number): Tensor {
  if (degree === 1) return x;
  const half = power(x, Math.floor(degree / 2));
  return degree % 2 === 0 ? tf.square(half) : tf.mul(tf.square(half), x);
}
