import * as tf from '@tensorflow/tfjs-core';

/**
 * The compactness loss of Perera and Patel (https://arxiv.org/abs/1801.05365): over the `n` wanted rows of the batch, the mean squared
 * distance of each to the mean of the others, divided by the width `k`. A scalar; 0 with fewer than two wanted rows.
 *
 * `embeddings` are `[B, k]`; `wanted` is `[B, 1]`: 1 for images of the wanted class, 0 for others.
 */
export function compactness(embeddings: tf.Tensor, wanted: tf.Tensor): tf.Tensor {
  const [, width = 1] = embeddings.shape;
  const count = tf.maximum(tf.sum(wanted), 1);
  const others = tf.maximum(tf.sub(count, 1), 1);
  const mean = tf.div(tf.sum(tf.mul(embeddings, wanted), 0, true), count);
  const deviations = tf.mul(tf.sub(embeddings, mean), wanted);
  // x_i minus the mean of the others is n / (n - 1) times x_i minus the mean of all, which needs no mean for each row.
  const fromOthers = tf.mul(deviations, tf.div(count, others));
  return tf.div(tf.sum(tf.square(fromOthers)), tf.mul(count, width));
}
