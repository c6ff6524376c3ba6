import { defineDetector, float32, type NdArrays } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';

import { fittedTensor } from '../../features/fitted-tensor.js';
import { requireColumns, requireFeatures } from '../../features/require-features.js';

import { resolveGamma } from './gamma.js';
import { type Kernel, kernelSums } from './kernel.js';
import { KernelProducts } from './kernel-products.js';
import { notesOf } from './notes.js';
import { offsetOf } from './optimality.js';
import { gathered, weighted, weightedSum } from './rows.js';
import { solve } from './solve.js';
import { spreadOf } from './spread.js';

/** Rows whose kernel matrix may be in memory: 64 MiB of it, and as much again while it grows. */
const WORKING_SET = 4096;

const options = z.strictObject({
  kernel: z
    .enum(['rbf', 'linear', 'polynomial', 'sigmoid'])
    .default('rbf')
    .describe(
      'How alike two features x and y are: rbf exp(-gamma |x - y|²), linear x·y, polynomial (gamma x·y + coef0)^degree, sigmoid tanh(gamma x·y + coef0). The boundary of rbf is closed; the others part the training images from the origin, and what lies far out on their side counts as normal.',
    ),
  gamma: z
    .union([z.enum(['scale', 'auto']), z.number().positive()])
    .default('scale')
    .describe(
      'Width of the kernel, all but the linear one: a number, 1 / (D var) of all values of the training features ("scale"), or 1 / D ("auto").',
    ),
  degree: z.int().min(1).default(3).describe('Degree of the polynomial kernel.'),
  coef0: z.number().default(0).describe('Constant in the polynomial and the sigmoid kernel.'),
  nu: z
    .number()
    .gt(0)
    .max(1)
    .default(0.05)
    .describe(
      'At most this share of the training images is left outside of the boundary (scores below 0), and at least this share are support vectors.',
    ),
  tolerance: z
    .number()
    .positive()
    .default(1e-3)
    .describe('By how much the conditions of optimality may be violated when the solver stops.'),
  maxIterations: z.int().positive().default(1_000_000).describe('Steps of the solver, a pair of images each, at most.'),
});

/**
 * Schölkopf, Platt, Shawe-Taylor, Smola and Williamson 2001, "Estimating the support of a high-dimensional distribution". Scores are
 * `sum_i alpha_i K(x_i, x) - rho` as libsvm and scikit-learn's `OneClassSVM.decision_function` scale them. The gaussian kernel is
 * computed from features less their training means, which changes no value but keeps float32 exact far from 0.
 */
export const oneClassSvm = defineDetector({
  name: 'one-class-svm',
  version: 1,
  summary: 'Draws a boundary around the training images with a kernel, by a one-class support vector machine.',
  boundary: 0,
  options,
  async fit(settings, { x }, ctx) {
    const [rows, columns] = requireFeatures('one-class-svm', x);
    const spread = spreadOf(x);
    const kernel = kernelOf(settings, resolveGamma(settings.gamma, columns, spread.variance));
    const products = await KernelProducts.open(ctx, x, kernel, spread);
    try {
      const solution = await solve(products, { ...settings, workingSet: WORKING_SET }, ctx);
      const [support, alpha] = weighted(
        Int32Array.from({ length: rows }, (_, i) => i),
        solution.alpha,
      );
      const vectors = gathered(x, support);
      const tensors: NdArrays =
        kernel.kind === 'linear'
          ? { weights: float32([columns, 1], weightedSum(vectors, alpha)) }
          : {
              supportVectors: vectors,
              coefficients: float32([support.length], Float32Array.from(alpha)),
              ...(kernel.kind === 'rbf' && { centre: spread.centre }),
            };
      return {
        tensors,
        json: { gamma: kernel.gamma, offset: offsetOf(solution) },
        notes: notesOf(solution, settings),
      };
    } finally {
      await products.dispose();
    }
  },
  apply({ options: settings, tensors, json: { gamma, offset } }, x) {
    const fitted = (name: string) => fittedTensor('one-class-svm', tensors, name);
    if (settings.kernel === 'linear') {
      const weights = fitted('weights');
      requireColumns('one-class-svm', x, weights.size);
      return tf.sub(tf.reshape(tf.matMul(x, weights), [-1]), offset);
    }
    const vectors = fitted('supportVectors');
    requireColumns('one-class-svm', x, vectors.shape[1]!);
    const moved = (rows: tf.Tensor) => (settings.kernel === 'rbf' ? tf.sub(rows, fitted('centre')) : rows);
    const sums = kernelSums(kernelOf(settings, gamma), moved(x), moved(vectors), fitted('coefficients'));
    return tf.sub(sums, offset);
  },
});

function kernelOf({ kernel, degree, coef0 }: z.output<typeof options>, gamma: number): Kernel {
  return { kind: kernel, gamma, degree, coef0 };
}
