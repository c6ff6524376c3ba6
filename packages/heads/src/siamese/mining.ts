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

/** The least of the numbers along the last axis where `mask` is 1; something greater than all where it is nowhere. */
export function nearestWhere(values: tf.Tensor, mask: tf.Tensor): tf.Tensor {
  const beyond = tf.add(tf.max(values, -1, true), 1);
  return tf.min(tf.add(values, tf.mul(tf.sub(1, mask), beyond)), -1);
}

/** 1 where `a` is greater than `b` and 0 elsewhere. tfjs has no gradient of comparisons: here it is 0, as it is but for the step. */
export function isGreater(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return tf.customGrad((...args) => {
    const [one, other] = args as [tf.Tensor, tf.Tensor];
    const gradFunc = () => [tf.zeros(one.shape), tf.zeros(other.shape)];
    return { value: tf.cast(tf.greater(one, other), 'float32'), gradFunc };
  })(a, b);
}
