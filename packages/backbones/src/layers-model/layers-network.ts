import { float32, KindredError, type Mode, type NdArray, type Network, type Weight, type Weights } from '@kindred/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { layers, LayerVariable, SymbolicTensor } from '@tensorflow/tfjs-layers';

import { withBoundDropout } from './bound-dropout.js';
import { withBoundVariables } from './bound-variables.js';
import { withFrozenNorms } from './frozen-norms.js';
import { withNamedLayers } from './named-layers.js';

type Layer = layers.Layer;

export interface LayersNetwork extends Network {
  /** What `init` gives, whatever the seed: these weights were trained. */
  readonly initial: Weights;
  /** Shape of the last layer's activations for one image: `[H, W, C]` or `[D]`. */
  readonly outputShape: readonly number[];
}

/** Layers of a model that are run together. */
export interface LayersPart {
  readonly layers: readonly Layer[];
  readonly output: SymbolicTensor;
  readonly run: (x: Tensor, mode: Mode) => Tensor;
}

export interface LayersNetworkOptions {
  /** By the names in the model's file. Left out: the model's own. */
  readonly values?: Readonly<Record<string, NdArray<'float32'>>> | undefined;
  /** Whether a layer's weights are trained. Left out: all are. */
  readonly trains?: (layer: Layer) => boolean;
  /** Layers whose batch normalization goes by moving averages in training too. Default none. */
  readonly frozenNorms?: readonly Layer[];
}

/**
 * A part of a layers model as a pure function of its weights.
 * @throws KINDRED_WEIGHTS_INVALID if `values` do not fit
 */
export function layersNetwork(
  { layers: all, output, run }: LayersPart,
  { values, trains = () => true, frozenNorms = [] }: LayersNetworkOptions,
): LayersNetwork {
  const variables = new Map(all.flatMap(({ weights }) => weights.map((variable) => [variable.originalName, variable])));
  const trained = new Set(all.filter(trains).flatMap(({ trainableWeights }) => trainableWeights));
  const initial: Record<string, Weight> = {};
  for (const [name, variable] of variables) {
    const value = values === undefined ? valueOf(variable) : fitting(name, variable, values[name]);
    initial[name] = { value, trainable: trained.has(variable) };
  }
  return {
    outputShape: output.shape.slice(1) as number[],
    initial,
    init: () => initial,
    forward: (weights, x, mode) =>
      withBoundVariables(variables, weights, mode, () =>
        withBoundDropout(all, mode, () => withFrozenNorms(frozenNorms, () => withNamedLayers(all, () => run(x, mode)))),
      ),
  };
}

function valueOf(variable: LayerVariable): NdArray<'float32'> {
  return float32(variable.shape as number[], variable.read().dataSync<'float32'>());
}

function fitting(name: string, { shape }: LayerVariable, value: NdArray<'float32'> | undefined): NdArray<'float32'> {
  if (value !== undefined && value.shape.join() === shape.join()) return value;
  throw new KindredError('KINDRED_WEIGHTS_INVALID', {
    message:
      `The weight "${name}" must have the shape [${shape.join(', ')}] that its layer needs. ` +
      (value === undefined ? 'It is missing.' : `Got [${value.shape.join(', ')}].`),
    received: value?.shape,
    hint: 'model.json and its shards must come from one and the same model.',
  });
}
