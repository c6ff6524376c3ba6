import * as tf from '@tensorflow/tfjs-core';

import { sharedLabelsOfAll } from './groups.js';

/** All distances within a batch, and which of them count as what. Each is `[B, B]`. */
export interface BatchDistances {
  readonly distances: tf.Tensor;
  /** 1 where two images share a label; 0 for an image with itself. */
  readonly same: tf.Tensor;
  /** 1 where two images share none. */
  readonly different: tf.Tensor;
}

/** @param targets `[B, L]` */
export function batchDistances(distances: tf.Tensor, targets: tf.Tensor): BatchDistances {
  const shared = sharedLabelsOfAll(targets);
  const others = tf.sub(1, tf.eye(targets.shape[0]));
  return { distances, same: tf.mul(shared, others), different: tf.mul(tf.sub(1, shared), others) };
}

/** The greatest of the numbers along the last axis where `mask` is 1; 0 where it is nowhere. `values` must not be below 0. */
export const farthestWhere = (values: tf.Tensor, mask: tf.Tensor): tf.Tensor => tf.max(tf.mul(values, mask), -1);

/** The least of the numbers along the last axis where `mask` is 1; where it is nowhere, the greatest of all. */
export function nearestWhere(values: tf.Tensor, mask: tf.Tensor): tf.Tensor {
  const greatest = tf.max(values, -1, true);
  return tf.min(tf.where(tf.greater(mask, 0), values, tf.add(greatest, tf.zerosLike(values))), -1);
}
