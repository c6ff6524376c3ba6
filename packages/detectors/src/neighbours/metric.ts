import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { z } from 'zod';

import { unitRows } from '../features/unit-rows.js';

/** The option `metric` of detectors that look at neighbours. */
export const metricOption = z
  .enum(['euclidean', 'cosine'])
  .default('euclidean')
  .describe(
    'Distance between features. cosine: 1 minus the cosine of their angle, so that their lengths do not count.',
  );

export type Metric = z.infer<typeof metricOption>;

/*
 * Both metrics are squared euclidean distances of points made from features: of the features themselves, or of their unit vectors,
 * whose squared distance is 2 - 2 cos. A row of zeros has no angle: scikit-learn puts it at cosine distance 1 from every row,
 * other rows of zeros included. Two more columns do the same: one where training rows of zeros are 1, one where new ones are.
 */

const extraColumns = (metric: Metric): number => (metric === 'cosine' ? 2 : 0);

/** How many columns the points made of D features have. */
export const pointColumns = (metric: Metric, features: number): number => features + extraColumns(metric);

/** How many features points of E columns are made of. */
export const featureColumns = (metric: Metric, columns: number): number => columns - extraColumns(metric);

/** The points `[N, E]` of new rows `x` `[N, D]`, moved as the training points were by `centre` `[E]`. */
export function pointsOf(metric: Metric, x: Tensor, centre: Tensor): Tensor {
  if (metric === 'euclidean') return tf.sub(x, centre);
  const isZero = tf.cast(tf.equal(tf.max(tf.abs(x), 1, true), 0), 'float32');
  return tf.sub(tf.concat([unitRows(x), tf.zerosLike(isZero), isZero], 1), centre);
}

/** Distances in the metric from squared distances between points. */
export function distancesOf(metric: Metric, squared: Tensor): Tensor {
  return metric === 'cosine' ? tf.mul(squared, 0.5) : tf.sqrt(squared);
}

/** The same for one squared distance. */
export const distanceOf = (metric: Metric, squared: number): number =>
  metric === 'cosine' ? squared / 2 : Math.sqrt(squared);
