import * as tf from '@tensorflow/tfjs-core';

/** Activations by name, as Keras defines them. */
export const ACTIVATIONS = {
  relu: (x: tf.Tensor) => tf.relu(x),
  elu: (x: tf.Tensor) => tf.elu(x),
  tanh: (x: tf.Tensor) => tf.tanh(x),
  /** Exact: `x` times the normal distribution function (Hendrycks and Gimpel 2016, https://arxiv.org/abs/1606.08415). */
  gelu: (x: tf.Tensor) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)),
  /** `x sigmoid(x)` (Ramachandran et al. 2017, https://arxiv.org/abs/1710.05941). */
  swish: (x: tf.Tensor) => tf.mul(x, tf.sigmoid(x)),
} as const;
