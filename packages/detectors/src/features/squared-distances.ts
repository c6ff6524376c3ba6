import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * Squared euclidean distances `[N, M]` between the rows of `x` `[N, D]` and of `y` `[M, D]`, by one matrix product and never below 0.
 * Its rounding error is that of the squared norms, about 1e-7 of them: move both to a common centre where norms are much greater
 * than distances.
 */
export function squaredDistances(x: Tensor, y: Tensor): Tensor {
  const product = tf.matMul(x, y, false, true);
  const norms = tf.add(tf.sum(tf.square(x), 1, true), tf.reshape(tf.sum(tf.square(y), 1), [1, -1]));
  return tf.relu(tf.sub(norms, tf.mul(product, 2)));
}
