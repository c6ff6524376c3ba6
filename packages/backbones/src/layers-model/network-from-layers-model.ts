import {
  float32,
  hintFor,
  KindredError,
  nearest,
  type NdArray,
  type Network,
  type Weight,
  type Weights,
} from '@kindred/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { model as subModel, type LayersModel, type LayerVariable, type SymbolicTensor } from '@tensorflow/tfjs-layers';

import { withBoundVariables } from './bound-variables.js';
import { withBoundDropout } from './bound-dropout.js';
import { withNamedLayers } from './named-layers.js';

export interface LayersNetwork extends Network {
  /** What `init` gives, whatever the seed: these weights were trained. */
  readonly initial: Weights;
  /** Shape of the tap's activations for one image: `[H, W, C]` or `[D]`. */
  readonly outputShape: readonly number[];
}

/**
 * A network that runs the layers of `model` up to the layer named `tap`, and no others. With `values` (by the names in the
 * model's file) the model's own weights are freed and the given arrays are handed on as they are; without, they are read from the model.
 * The network takes the model over.
 * @throws KINDRED_BACKBONE_TAP if no layer has that name, KINDRED_WEIGHTS_INVALID if `values` do not fit
 */
export function networkFromLayersModel(
  model: LayersModel,
  tap: string,
  values?: Readonly<Record<string, NdArray<'float32'>>>,
): LayersNetwork {
  const output = tapOutput(model, tap);
  const part = subModel({ inputs: model.inputs, outputs: output });
  const variables = new Map(part.weights.map((variable) => [variable.originalName, variable]));
  const trainable = new Set(part.trainableWeights);

  const initial: Record<string, Weight> = {};
  for (const [name, variable] of variables) {
    const value = values === undefined ? valueOf(variable) : fitting(name, variable, values[name]);
    initial[name] = { value, trainable: trainable.has(variable) };
  }
  if (values !== undefined) for (const variable of model.weights) variable.dispose();

  return {
    outputShape: output.shape.slice(1) as number[],
    initial,
    init: () => initial,
    forward: (weights, x, mode) =>
      withBoundVariables(variables, weights, mode, () =>
        withBoundDropout(part.layers, mode, () =>
          withNamedLayers(part.layers, () => part.apply(x, { training: mode.training }) as Tensor),
        ),
      ),
  };
}

function tapOutput(model: LayersModel, tap: string): SymbolicTensor {
  const taps = model.layers.filter((layer) => layer.getClassName() !== 'InputLayer').map((layer) => layer.name);
  if (!taps.includes(tap)) {
    throw new KindredError('KINDRED_BACKBONE_TAP', {
      message: `The tap must be the name of a layer of the model "${model.name}". There is no layer "${tap}".`,
      path: 'tap',
      received: tap,
      hint: hintFor(nearest(tap, taps), taps, 'The model has no layers.'),
    });
  }
  const { output } = model.getLayer(tap);
  if (!Array.isArray(output)) return output;
  throw new KindredError('KINDRED_BACKBONE_TAP', {
    message: `A tap must be a layer with one output. The layer "${tap}" of the model "${model.name}" has ${output.length}.`,
    path: 'tap',
    received: tap,
    hint: 'Choose a layer before or after it.',
  });
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
