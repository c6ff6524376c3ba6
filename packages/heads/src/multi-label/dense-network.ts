import { float32, withLayer, type NamedTensors, type Network, type Weight } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';

import { ACTIVATIONS } from './activations.js';
import { glorotUniform, heUniform } from './initializers.js';
import type { MultiLabelOptions } from './options.js';

interface DenseNetworkSpec extends Pick<MultiLabelOptions, 'activation' | 'dropout' | 'initializer'> {
  /** Length D of the input. */
  readonly features: number;
  readonly hidden: readonly number[];
  /** Where the last layer's bias begins, `[L]`. */
  readonly outputBias: readonly number[];
}

/**
 * Dense layers with dropout before each: `[N, D]` in, logits `[N, L]` out. Weights are `dense_1/kernel` `[D, hidden]`,
 * `dense_1/bias` and so on; the last layer's are `output/kernel` and `output/bias`.
 */
export function denseNetwork(spec: DenseNetworkSpec): Network {
  const { features, hidden, dropout, outputBias } = spec;
  const activation = ACTIVATIONS[spec.activation];
  const widths = [features, ...hidden];
  const layers = hidden.map((width, i) => ({ name: `dense_${i + 1}`, inputs: widths[i] ?? features, width }));

  return {
    init(random) {
      // A stream for each layer: another width of one leaves the beginnings of the others as they were.
      const hiddenKernel = spec.initializer === 'he-uniform' ? heUniform : glorotUniform;
      const hiddenWeights = layers.flatMap(({ name, inputs, width }) =>
        layerWeights(name, hiddenKernel(inputs, width, random.fork(name)), new Array<number>(width).fill(0)),
      );
      const kernel = glorotUniform(widths.at(-1) ?? features, outputBias.length, random.fork('output'));
      return Object.fromEntries([...hiddenWeights, ...layerWeights('output', kernel, outputBias)]);
    },
    forward(weights, x, mode) {
      const body = layers.reduce(
        (input, { name }) => withLayer(name, () => activation(dense(weights, name, mode.dropout(input, dropout)))),
        x,
      );
      return withLayer('output', () => dense(weights, 'output', mode.dropout(body, dropout)));
    },
  };
}

/** The sum of squares of all kernels, a scalar. */
export function kernelPenalty(weights: NamedTensors): tf.Tensor {
  const kernels = Object.entries(weights).filter(([name]) => name.endsWith('/kernel'));
  return kernels.map(([, kernel]) => tf.sum(tf.square(kernel))).reduce((sum, square) => tf.add(sum, square));
}

function layerWeights(name: string, kernel: Weight['value'], bias: readonly number[]): [string, Weight][] {
  return [
    [`${name}/kernel`, { value: kernel }],
    [`${name}/bias`, { value: float32([bias.length], bias) }],
  ];
}

function dense(weights: NamedTensors, name: string, x: tf.Tensor): tf.Tensor {
  const kernel = weights[`${name}/kernel`] as tf.Tensor2D;
  return tf.add(tf.matMul(x as tf.Tensor2D, kernel), weights[`${name}/bias`] as tf.Tensor1D);
}
