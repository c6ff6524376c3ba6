import * as tf from '@tensorflow/tfjs-core';

import type { NamedTensors } from '../plugin/engine-contract.js';

/** The Euclidean length of all gradients as one vector, a scalar. */
export function globalNorm(gradients: readonly tf.Tensor[]): tf.Tensor {
  const squares = gradients.map((gradient) => tf.sum(tf.square(gradient)));
  return tf.sqrt(squares.reduce((sum, square) => tf.add(sum, square)));
}

/**
 * Gradients whose length `norm` is above `limit`, shortened to it as one vector (Pascanu 2013, https://arxiv.org/abs/1211.5063): Keras'
 * `global_clipnorm`, PyTorch's `clip_grad_norm_`. Shorter ones stay as they are.
 */
export function clipByGlobalNorm(gradients: NamedTensors, norm: tf.Tensor, limit: number): NamedTensors {
  const factor = tf.div(limit, tf.maximum(norm, limit));
  return Object.fromEntries(Object.entries(gradients).map(([name, gradient]) => [name, tf.mul(gradient, factor)]));
}
