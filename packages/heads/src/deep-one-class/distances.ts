import * as tf from '@tensorflow/tfjs-core';

/** Euclidean distances `[N, M]` between the rows of `a` `[N, E]` and `b` `[M, E]`. */
export function euclidean(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const products = tf.matMul(a, b, false, true);
  const squares = tf.add(squaredLengths(a), tf.transpose(squaredLengths(b)));
  // Equal rows come out a rounding error below 0.
  return tf.sqrt(tf.relu(tf.sub(squares, tf.mul(products, 2))));
}

const squaredLengths = (x: tf.Tensor) => tf.sum(tf.square(x), 1, true);
