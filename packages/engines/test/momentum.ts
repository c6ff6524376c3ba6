import * as tf from '@tensorflow/tfjs-core';
import type { OptimizerModel } from '@kindred/core';

/** Gradient descent with a slot: the smallest optimizer that keeps something between steps. */
export const momentum = (learningRate: number): OptimizerModel => ({
  learningRate,
  slots: ['velocity'],
  update(state) {
    const velocity = tf.add(tf.mul(state.slots['velocity'] as tf.Tensor, 0.9), state.gradient);
    return { weight: tf.sub(state.weight, tf.mul(state.learningRate, velocity)), slots: { velocity } };
  },
});
