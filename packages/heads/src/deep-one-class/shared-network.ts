import { float32, withLayer, type NamedTensors, type Network, type Random, type Weight } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';

import { ACTIVATIONS } from '../dense/activations.js';
import { glorotUniform } from '../dense/initializers.js';

import type { DeepOneClassOptions } from './options.js';

interface SharedNetworkSpec extends Pick<DeepOneClassOptions, 'hidden' | 'activation' | 'dropout'> {
  /** Length D of the input. */
  readonly features: number;
  /** Reference labels R. */
  readonly classes: number;
}

/**
 * What wanted and reference images both go through: `[N, D]` in, embeddings `[N, E]` out, the last of the dense layers. The weights of the
 * classifier of reference labels, `classifier/kernel` `[E, R]` and `classifier/bias`, are learned beside it, for the loss.
 */
export function sharedNetwork({ features, classes, hidden, dropout, activation }: SharedNetworkSpec): Network {
  const widths = [features, ...hidden];
  const layers = hidden.map((width, i) => ({ name: `dense_${i + 1}`, inputs: widths[i] ?? features, width }));
  const all = [...layers, { name: 'classifier', inputs: widths.at(-1) ?? features, width: classes }];
  const activate = ACTIVATIONS[activation];

  return {
    init: (random) => Object.fromEntries(all.flatMap((layer) => layerWeights(layer, random.fork(layer.name)))),
    forward: (weights, x, mode) =>
      layers.reduce(
        (input, { name }) => withLayer(name, () => activate(dense(weights, name, mode.dropout(input, dropout)))),
        x,
      ),
  };
}

/** Logits of the reference labels `[N, R]` of embeddings `[N, E]`. */
export const classify = (weights: NamedTensors, embeddings: tf.Tensor): tf.Tensor =>
  dense(weights, 'classifier', embeddings);

interface Layer {
  readonly name: string;
  readonly inputs: number;
  readonly width: number;
}

const layerWeights = ({ name, inputs, width }: Layer, random: Random): [string, Weight][] => [
  [`${name}/kernel`, { value: glorotUniform(inputs, width, random) }],
  [`${name}/bias`, { value: float32([width]) }],
];

function dense(weights: NamedTensors, name: string, x: tf.Tensor): tf.Tensor {
  const kernel = weights[`${name}/kernel`] as tf.Tensor2D;
  return tf.add(tf.matMul(x as tf.Tensor2D, kernel), weights[`${name}/bias`] as tf.Tensor1D);
}
