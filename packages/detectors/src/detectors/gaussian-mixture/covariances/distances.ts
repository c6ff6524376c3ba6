import { float32, type Context, type NdArray } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';

import type { CentreDistances } from '../../../clustering/centre-distances.js';
import { compileOverRows, fewestRowsOfProducts, joinBlocks } from '../../../features/row-program.js';
import { mahalanobis } from '../mahalanobis.js';
import type { Mixture } from '../mixture.js';

import { refine } from './refine.js';

/** Squared Mahalanobis distances of the rows of one matrix to the components of mixtures of one kind of covariance. */
export interface Distances {
  /** `[N, K]` */
  of(mixture: Mixture): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** By the same products with means that give distances to centres. */
export function sphericalDistances(x: NdArray<'float32'>, centres: CentreDistances): Distances {
  return {
    async of(mixture) {
      const { means, precision } = mixture;
      const distances = timesPrecision(await centres.to(means.data), centres.width, precision.data);
      refine(x, mixture, distances);
      return distances;
    },
    // The centre distances are another's.
    dispose: () => Promise.resolve(),
  };
}

/** The square multiplied out, so that products do the work. */
export async function diagonalDistances(ctx: Context, x: NdArray<'float32'>): Promise<Distances> {
  const columns = x.shape[1]!;
  // The few components on the left, as in distances to centres.
  const program = await compileOverRows(
    ctx,
    'diagonal-mahalanobis',
    x,
    (rows, { scaled, precision }) => {
      const squares = tf.matMul(precision!, tf.square(rows), false, true);
      const mixed = tf.matMul(scaled!, rows, false, true);
      return { products: tf.transpose(tf.sub(squares, mixed)) };
    },
    fewestRowsOfProducts(columns),
  );
  return {
    async of(mixture) {
      const { scaled, constants } = multipliedOut(mixture);
      const { precision } = mixture;
      const distances = joinBlocks(await program.run(() => ({ scaled, precision })), 'products');
      addToColumns(distances, constants);
      refine(x, mixture, distances);
      return distances;
    },
    dispose: () => program.dispose(),
  };
}

export async function correlatedDistances(
  ctx: Context,
  covariance: 'tied' | 'full',
  x: NdArray<'float32'>,
): Promise<Distances> {
  const program = await compileOverRows(ctx, 'mahalanobis', x, (rows, { means, precision }) => ({
    distances: mahalanobis[covariance](rows, means!, precision!),
  }));
  return {
    of: async ({ means, precision }) => joinBlocks(await program.run(() => ({ means, precision })), 'distances'),
    dispose: () => program.dispose(),
  };
}

/** The first columns of squares `[N, width]`, each times its precision. */
function timesPrecision(squares: Float32Array, width: number, precision: Float32Array): Float32Array {
  const rows = squares.length / width;
  const distances = new Float32Array(rows * precision.length);
  for (let i = 0, at = 0; i < rows; i++) {
    for (let k = 0; k < precision.length; k++, at++) distances[at] = squares[i * width + k]! * precision[k]!;
  }
  return distances;
}

/** What rows are multiplied with, twice the mean by its precisions `[K, D]`, and what is added: the squares of the means `[K]`. */
function multipliedOut({ means, precision }: Mixture): { scaled: NdArray<'float32'>; constants: Float64Array } {
  const [components, columns] = means.shape as [number, number];
  const scaled = float32(means.shape);
  const constants = new Float64Array(components);
  for (let k = 0, at = 0; k < components; k++) {
    for (const end = at + columns; at < end; at++) {
      const weighted = means.data[at]! * precision.data[at]!;
      scaled.data[at] = 2 * weighted;
      constants[k]! += weighted * means.data[at]!;
    }
  }
  return { scaled, constants };
}

/** In place, and never below 0. */
function addToColumns(distances: Float32Array, constants: Float64Array): void {
  for (let at = 0; at < distances.length; at += constants.length) {
    for (let k = 0; k < constants.length; k++) {
      const distance = distances[at + k]! + constants[k]!;
      // Infinity less infinity stays no number.
      distances[at + k] = distance < 0 ? 0 * distance : distance;
    }
  }
}
