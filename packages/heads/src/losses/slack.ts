import * as tf from '@tensorflow/tfjs-core';

/** `1 - s z` of logits `[N, L]`, where `s` is 1 for the target 1 and -1 for 0: what is missing to a margin of 1. */
export function slack(logits: tf.Tensor, targets: tf.Tensor): tf.Tensor {
  const signs = tf.sub(tf.mul(targets, 2), 1);
  return tf.sub(1, tf.mul(signs, logits));
}
