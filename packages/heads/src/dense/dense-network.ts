import { float32, withLayer, type NamedTensors, type Network, type Weight } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';

import { ACTIVATIONS } from './activations.js';
import { glorotUniform, heUniform } from './initializers.js';
import { describeLayer, type HiddenLayers } from './options.js';

export interface DenseNetworkSpec {
  /** Length D of the input. */
  readonly features: number;
  readonly hidden: HiddenLayers;
  /** Of hidden layers that name none. */
  readonly activation: keyof typeof ACTIVATIONS;
  /** Share of inputs that the last layer misses in training, and each hidden one that names none. */
  readonly dropout: number;
  /** How kernels of hidden layers begin; the last one is always glorot-uniform. */
  readonly initializer: 'glorot-uniform' | 'he-uniform';
  /** Where the last layer's bias begins, `[L]`. */
  readonly outputBias: readonly number[];
}

interface Layer {
  readonly name: string;
  readonly inputs: number;
  readonly units: number;
  readonly dropout: number;
  readonly activation: keyof typeof ACTIVATIONS;
}

/**
 * Dense layers with dropout before each: `[N, D]` in, `[N, L]` of a last layer without activation out. Each is a layer by its name, and
 * its weights are `NAME/kernel` `[inputs, units]` and `NAME/bias` `[units]`. Hidden layers without a name are `dense_1`,
 * `dense_2` and so on by their places; the last one is `output`.
 */
export function denseNetwork(spec: DenseNetworkSpec): Network {
  const { dropout, outputBias } = spec;
  const layers = hiddenLayers(spec);
  const inputs = layers.at(-1)?.units ?? spec.features;

  return {
    init(random) {
      // A stream for each layer: another width of one leaves the beginnings of the others as they were.
      const hiddenKernel = spec.initializer === 'he-uniform' ? heUniform : glorotUniform;
      const hiddenWeights = layers.flatMap((layer) => {
        const kernel = hiddenKernel(layer.inputs, layer.units, random.fork(layer.name));
        return layerWeights(layer.name, kernel, new Array<number>(layer.units).fill(0));
      });
      const kernel = glorotUniform(inputs, outputBias.length, random.fork('output'));
      return Object.fromEntries([...hiddenWeights, ...layerWeights('output', kernel, outputBias)]);
    },
    forward(weights, x, mode) {
      const body = layers.reduce(
        (input, layer) =>
          withLayer(layer.name, () => {
            const sums = dense(weights, layer.name, mode.dropout(input, layer.dropout));
            return ACTIVATIONS[layer.activation](sums);
          }),
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

function hiddenLayers({ features, hidden, activation, dropout }: DenseNetworkSpec): Layer[] {
  const given = hidden.map(describeLayer);
  return given.map((layer, i) => ({
    name: layer.name ?? `dense_${i + 1}`,
    inputs: given[i - 1]?.units ?? features,
    units: layer.units,
    dropout: layer.dropout ?? dropout,
    activation: layer.activation ?? activation,
  }));
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
