import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** The rows of `x` `[N, D]` scaled to length 1; a row of zeros stays one. */
export function unitRows(x: Tensor): Tensor {
  // Dividing by the largest value first keeps the squares of very large or small features from overflow and underflow.
  const scaled = tf.div(x, oneForZero(tf.max(tf.abs(x), 1, true)));
  return tf.div(scaled, oneForZero(tf.sqrt(tf.sum(tf.square(scaled), 1, true))));
}

function oneForZero(x: Tensor): Tensor {
  return tf.where(tf.equal(x, 0), tf.onesLike(x), x);
}
