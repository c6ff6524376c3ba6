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
      const components = precision.data.length;
      const squares = await centres.to(means.data);
      const distances = new Float32Array(x.shape[0]! * components);
      for (let i = 0, at = 0; at < distances.length; i += centres.width) {
        for (let k = 0; k < components; k++, at++) distances[at] = squares[i + k]! * precision.data[k]!;
      }
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
      const { means, precision } = mixture;
      const components = means.shape[0]!;
      const scaled = float32(means.shape);
      const constants = new Float64Array(components);
      for (let k = 0, at = 0; k < components; k++) {
        for (const end = at + columns; at < end; at++) {
          const weighted = means.data[at]! * precision.data[at]!;
          scaled.data[at] = 2 * weighted;
          constants[k]! += weighted * means.data[at]!;
        }
      }
      const distances = joinBlocks(await program.run(() => ({ scaled, precision })), 'products');
      for (let at = 0; at < distances.length; at += components) {
        for (let k = 0; k < components; k++) {
          const distance = distances[at + k]! + constants[k]!;
          distances[at + k] = distance < 0 ? 0 * distance : distance;
        }
      }
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
