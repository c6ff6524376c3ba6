import * as tf from '@tensorflow/tfjs-core';

import { KindredError } from '../errors/kindred-error.js';
import type { Mode } from '../plugin/contract.js';
import { randomUniform } from '../tensor/random-uniform.js';

/** The mode of prediction: dropout is the identity, updates are ignored. */
export const inferenceMode: Mode = { training: false, dropout: (x) => x, update: () => undefined };

export interface TrainingMode extends Mode {
  /** What `update` was given, by weight. The tensors are kept: dispose of them after use. */
  readonly updates: ReadonlyMap<string, tf.Tensor>;
}

/**
 * The mode of one training step, part of its program: the scalar int32 tensor `seed` decides every dropout mask, and each
 * call of `dropout` draws from a stream of its own.
 */
export function createTrainingMode(seed: tf.Tensor): TrainingMode {
  const updates = new Map<string, tf.Tensor>();
  let stream = 0;
  return {
    training: true,
    updates,
    dropout(x, rate) {
      if (!(rate >= 0 && rate < 1)) {
        throw new KindredError('KINDRED_PLUGIN_RESULT', {
          message: `The 'rate' of dropout must be in the range [0, 1). Got ${rate}.`,
          received: rate,
        });
      }
      if (rate === 0) return x;
      const kept = tf.greaterEqual(randomUniform(x.shape, seed, stream++), tf.scalar(rate));
      return tf.mul(x, tf.mul(tf.cast(kept, 'float32'), tf.scalar(1 / (1 - rate))));
    },
    update(weight, value) {
      // Assigned after the gradients, which read the old value; tf.keep carries it out of their scope.
      updates.get(weight)?.dispose();
      updates.set(weight, tf.keep(tf.clone(value)));
    },
  };
}
