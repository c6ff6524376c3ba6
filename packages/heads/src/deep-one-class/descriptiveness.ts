import * as tf from '@tensorflow/tfjs-core';

/**
 * The descriptiveness loss: softmax cross-entropy, mean over the rows of the batch that carry a label. A scalar; 0 if none does.
 *
 * `logits` and `targets` are `[B, R]`. A row that carries several labels shares its weight among them.
 */
export function descriptiveness(logits: tf.Tensor, targets: tf.Tensor): tf.Tensor {
  const carried = tf.sum(targets, 1, true);
  const shares = tf.div(targets, tf.maximum(carried, 1));
  const count = tf.sum(tf.minimum(carried, 1));
  return tf.div(tf.neg(tf.sum(tf.mul(shares, tf.logSoftmax(logits)))), tf.maximum(count, 1));
}
