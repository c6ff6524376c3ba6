import type { NdArray } from '@kindred/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { model as subModel, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';

import { layersNetwork, type LayersNetwork, type LayersPart } from './layers-network.js';
import { outputOf } from './output-of.js';

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
  const network = layersNetwork(partUpTo(model, outputOf(model, tap, 'tap')), { values });
  if (values !== undefined) freeWeights(model);
  return network;
}

/** The layers of a model up to an activation, run as tfjs runs models: what is no longer needed is freed on the way. */
export function partUpTo(model: LayersModel, output: SymbolicTensor): LayersPart {
  const part = subModel({ inputs: model.inputs, outputs: output });
  return { layers: part.layers, output, run: (x, { training }) => part.apply(x, { training }) as Tensor };
}

/** Frees the values that a model holds of its weights, once others take their place. */
export function freeWeights(model: LayersModel): void {
  for (const variable of model.weights) variable.dispose();
}
