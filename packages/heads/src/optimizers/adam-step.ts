import type { OptimizerUpdate } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';

export const adamOptions = {
  learningRate: z.number().positive().default(0.001),
  beta1: z.number().min(0).lt(1).default(0.9).describe('Decay of the mean of gradients.'),
  beta2: z.number().min(0).lt(1).default(0.999).describe('Decay of the mean of squared gradients.'),
  epsilon: z.number().positive().default(1e-8).describe('Keeps the division finite; added outside of the root.'),
};

/** Names of the slots: decaying sums of the gradient and of its square. */
export const ADAM_SLOTS = ['mean', 'square'] as const;

interface AdamOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/**
 * How far Adam moves a weight, as Algorithm 1 of Kingma and Ba 2015 (https://arxiv.org/abs/1412.6980) and PyTorch have it:
 * to be subtracted from the weight.
 *
 * Every operation is a pass over all weights, and memory is what an optimizer waits for. So all factors are drawn into
 * scalars: with the slots M = m / (1 - beta1) and V = v / (1 - beta2), and r = sqrt((1 - beta2) / (1 - beta2^t)),
 *
 *   M <- beta1 M + g,   V <- beta2 V + g^2,   move = rate (1 - beta1) / (1 - beta1^t) / r * M / (sqrt(V) + epsilon / r)
 */
export function adamStep({ gradient, slots, step, learningRate }: OptimizerUpdate, options: AdamOptions) {
  const { beta1, beta2, epsilon } = options;
  const mean = tf.add(tf.mul(slots.mean as tf.Tensor, beta1), gradient);
  const square = tf.add(tf.mul(slots.square as tf.Tensor, beta2), tf.square(gradient));
  const inverseRoot = tf.sqrt(tf.div(oneMinusPower(beta2, step), 1 - beta2));
  const rate = tf.mul(tf.div(tf.mul(learningRate, 1 - beta1), oneMinusPower(beta1, step)), inverseRoot);
  const move = tf.div(tf.mul(mean, rate), tf.add(tf.sqrt(square), tf.mul(inverseRoot, epsilon)));
  return { move, slots: { mean, square } };
}

/**
 * `1 - beta^step`. Single precision would lose four digits of it for a beta near 1 and small steps;
 * `1 - e^x = -2 t / (1 - t)` with `t = tanh(x / 2)` loses none.
 */
function oneMinusPower(beta: number, step: tf.Tensor): tf.Tensor {
  if (beta === 0) return tf.onesLike(step);
  const t = tf.tanh(tf.mul(step, Math.log(beta) / 2));
  return tf.div(tf.mul(t, -2), tf.sub(1, t));
}
