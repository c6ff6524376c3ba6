import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

import { squaredDistances } from '../../features/squared-distances.js';

import type { Covariance } from './mixture.js';

/** Squared Mahalanobis distances `[N, K]` of the rows of `x` `[N, D]` to `means` `[K, D]`; `precision` as in `Mixture`. */
type Mahalanobis = (x: Tensor, means: Tensor, precision: Tensor) => Tensor;

const spherical: Mahalanobis = (x, means, precision) =>
  tf.mul(squaredDistances(x, means), tf.reshape(precision, [1, -1]));

/** The square multiplied out, so that products do the work. Rounding errors are 1e-7 of squared distances to the origin. */
const diagonal: Mahalanobis = (x, means, precision) => {
  const scaled = tf.mul(means, precision);
  const squares = product(tf.square(x), precision);
  const mixed = product(x, tf.mul(scaled, -2));
  return tf.relu(tf.add(tf.add(squares, mixed), tf.reshape(tf.sum(tf.mul(scaled, means), 1), [1, -1])));
};

/** Differences before squares: directions of tiny variance have large factors, and squares of sums would leave nothing of them. */
const tied: Mahalanobis = (x, means, precision) => {
  const [white, whiteMeans] = [product(x, precision), product(means, precision)];
  return columns(means.shape[0], (k) => tf.sub(white, rowOf(whiteMeans, k)));
};

const full: Mahalanobis = (x, means, precision) => {
  const [count, size] = means.shape as [number, number];
  return columns(count, (k) => {
    const factor = tf.reshape(tf.slice(precision, [k, 0, 0], [1, size, size]), [size, size]);
    return product(tf.sub(x, rowOf(means, k)), factor);
  });
};

export const mahalanobis: Readonly<Record<Covariance, Mahalanobis>> = { spherical, diagonal, tied, full };

/** `x y^T` */
const product = (x: Tensor, y: Tensor): Tensor => tf.matMul(x, y, false, true);

const rowOf = (x: Tensor, k: number): Tensor => tf.slice(x, [k, 0], [1, x.shape[1]!]);

/** The squared lengths of the rows of `differences(k)` `[N, D]` as column k. */
const columns = (count: number, differences: (k: number) => Tensor): Tensor =>
  tf.stack(
    Array.from({ length: count }, (_, k) => tf.sum(tf.square(differences(k)), 1)),
    1,
  );
