import type { OptimizerUpdate } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';

export const adamOptions = {
  learningRate: z.number().positive().default(0.001),
  beta1: z.number().min(0).lt(1).default(0.9).describe('Decay of the mean of gradients.'),
  beta2: z.number().min(0).lt(1).default(0.999).describe('Decay of the mean of squared gradients.'),
  epsilon: z.number().positive().default(1e-8).describe('Keeps the division finite; added outside of the root.'),
};

/** Names of the slots: running means of the gradient and of its square. */
export const ADAM_SLOTS = ['mean', 'square'] as const;

interface AdamOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/**
 * How far Adam moves a weight, as Algorithm 1 of Kingma and Ba 2015 (https://arxiv.org/abs/1412.6980) and PyTorch have it:
 * to be subtracted from the weight.
 */
export function adamStep({ gradient, slots, step, learningRate }: OptimizerUpdate, options: AdamOptions) {
  const { beta1, beta2, epsilon } = options;
  const mean = moving(slots.mean as tf.Tensor, gradient, beta1);
  const square = moving(slots.square as tf.Tensor, tf.square(gradient), beta2);
  const unbiasedMean = tf.div(mean, oneMinusPower(beta1, step));
  const unbiasedSquare = tf.div(square, oneMinusPower(beta2, step));
  const direction = tf.div(unbiasedMean, tf.add(tf.sqrt(unbiasedSquare), epsilon));
  return { move: tf.mul(direction, learningRate), slots: { mean, square } };
}

const moving = (average: tf.Tensor, value: tf.Tensor, beta: number) =>
  tf.add(tf.mul(average, beta), tf.mul(value, 1 - beta));

/**
 * `1 - beta^step`. Single precision would lose four digits of it for a beta near 1 and small steps;
 * `1 - e^x = -2 t / (1 - t)` with `t = tanh(x / 2)` loses none.
 */
function oneMinusPower(beta: number, step: tf.Tensor): tf.Tensor {
  if (beta === 0) return tf.onesLike(step);
  const t = tf.tanh(tf.mul(step, Math.log(beta) / 2));
  return tf.div(tf.mul(t, -2), tf.sub(1, t));
}
