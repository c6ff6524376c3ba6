import {
  float32,
  withLayer,
  type NamedTensors,
  type Network,
  type Random,
  type Weight,
  type Weights,
} from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';

import { ACTIVATIONS } from './activations.js';
import { glorotUniform, heUniform } from './initializers.js';
import { describeLayer, type HiddenLayers } from './options.js';

/** Hidden layers over features, and what those get that name nothing else. */
export interface HiddenSpec {
  /** Length D of the input. */
  readonly features: number;
  readonly hidden: HiddenLayers;
  /** Of hidden layers that name none. */
  readonly activation: keyof typeof ACTIVATIONS;
  /** Share of inputs that each hidden layer misses in training that names none. */
  readonly dropout: number;
  /** How kernels of hidden layers begin. */
  readonly initializer: 'glorot-uniform' | 'he-uniform';
}

export interface DenseNetworkSpec extends HiddenSpec {
  /** Where the last layer's bias begins, `[L]`. Its kernel always begins glorot-uniform, and it misses the share `dropout` of its inputs. */
  readonly outputBias: readonly number[];
}

interface Layer {
  readonly name: string;
  readonly inputs: number;
  readonly units: number;
  readonly dropout: number;
  readonly activation: keyof typeof ACTIVATIONS;
}

/** Hidden layers with the width E of what they give. */
export interface HiddenNetwork extends Network {
  readonly units: number;
}

/**
 * Dense layers with dropout before each: `[N, D]` in, `[N, E]` out, as wide as the last of them; without any, the features themselves.
 * Each is a layer by its name, and its weights are `NAME/kernel` `[inputs, units]` and `NAME/bias` `[units]`. Layers without a
 * name are `dense_1`, `dense_2` and so on by their places.
 */
export function hiddenNetwork(spec: HiddenSpec): HiddenNetwork {
  const layers = hiddenLayers(spec);
  const hiddenKernel = spec.initializer === 'he-uniform' ? heUniform : glorotUniform;
  return {
    units: layers.at(-1)?.units ?? spec.features,
    init: (random) =>
      // A stream for each layer: another width of one leaves the beginnings of the others as they were.
      Object.fromEntries(
        layers.flatMap(({ name, inputs, units }) =>
          layerWeights(name, hiddenKernel(inputs, units, random.fork(name)), new Array<number>(units).fill(0)),
        ),
      ),
    forward: (weights, x, mode) =>
      layers.reduce(
        (input, layer) =>
          withLayer(layer.name, () => {
            const sums = dense(weights, layer.name, mode.dropout(input, layer.dropout));
            return ACTIVATIONS[layer.activation](sums);
          }),
        x,
      ),
  };
}

/** Hidden layers, then a last one without activation, `output`, which gives `[N, L]`. */
export function denseNetwork(spec: DenseNetworkSpec): Network {
  const { dropout, outputBias } = spec;
  const hidden = hiddenNetwork(spec);
  return {
    init: (random) => ({ ...hidden.init(random), ...denseWeights('output', hidden.units, outputBias, random) }),
    forward(weights, x, mode) {
      const body = hidden.forward(weights, x, mode);
      return withLayer('output', () => dense(weights, 'output', mode.dropout(body, dropout)));
    },
  };
}

/** A glorot-uniform kernel `NAME/kernel` `[inputs, L]` and `NAME/bias` `[L]`, of a stream by the layer's name. */
export function denseWeights(name: string, inputs: number, bias: readonly number[], random: Random): Weights {
  const kernel = glorotUniform(inputs, bias.length, random.fork(name));
  return Object.fromEntries(layerWeights(name, kernel, bias));
}

/** `x` `[N, D]` times the kernel of a layer, plus its bias: `[N, units]`. */
export function dense(weights: NamedTensors, name: string, x: tf.Tensor): tf.Tensor {
  const kernel = weights[`${name}/kernel`] as tf.Tensor2D;
  return tf.add(tf.matMul(x as tf.Tensor2D, kernel), weights[`${name}/bias`] as tf.Tensor1D);
}

/** The sum of squares of all kernels, a scalar. */
export function kernelPenalty(weights: NamedTensors): tf.Tensor {
  const kernels = Object.entries(weights).filter(([name]) => name.endsWith('/kernel'));
  return kernels.map(([, kernel]) => tf.sum(tf.square(kernel))).reduce((sum, square) => tf.add(sum, square));
}

function hiddenLayers({ features, hidden, activation, dropout }: HiddenSpec): Layer[] {
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
