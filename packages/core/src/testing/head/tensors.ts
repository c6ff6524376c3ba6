import * as tf from '@tensorflow/tfjs-core';

import { createRandom } from '../../context/random.js';
import type { Network, OptimizerModel } from '../../plugin/contract.js';
import type { NdArray, NdArrays } from '../../tensor/nd-array.js';
import { toNdArray, toTensor } from '../../tensor/tf-runtime.js';

/** The weights that a network begins with in checks. */
export const initialWeights = (network: Network): NdArrays =>
  Object.fromEntries(Object.entries(network.init(createRandom(3))).map(([name, { value }]) => [name, value]));

export const tensorsOf = (arrays: NdArrays): Record<string, tf.Tensor> =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, toTensor(array)]));

/** What `run` gives, read; its tensors are disposed of. */
export function compute(run: () => tf.Tensor): NdArray {
  const results: NdArray[] = [];
  tf.tidy(() => void results.push(toNdArray(run())));
  return results[0]!;
}

/** Moves every weight by about the learning rate, so that it suits heads of any scale. */
export const normalizedDescent: OptimizerModel = {
  learningRate: 0.01,
  slots: [],
  update({ weight, gradient, learningRate }) {
    const scale = tf.add(tf.sqrt(tf.mean(tf.square(gradient))), 1e-8);
    return { weight: tf.sub(weight, tf.mul(learningRate, tf.div(gradient, scale))), slots: {} };
  },
};
