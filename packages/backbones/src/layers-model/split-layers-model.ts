import { KindredError, type NdArray } from '@kindred/core';
import type { LayersModel, layers } from '@tensorflow/tfjs-layers';

import { lastPassage, layersOf, runAlong, wayTo } from './graph.js';
import { layersNetwork, type LayersNetwork } from './layers-network.js';
import { freeWeights, partUpTo } from './network-from-layers-model.js';
import { outputOf } from './output-of.js';

type Layer = layers.Layer;

export interface SplitOptions {
  readonly tap: string;
  /** The first layer that is trained, with all that come after it in the model's order. Left out: every one. */
  readonly from?: string | undefined;
  /** Whether batch normalizations that are trained go by the batch's own statistics; else by moving averages, which stay as they are. */
  readonly trainNorms: boolean;
  /** By the names in the model's file; they take the place of the model's own. */
  readonly values: Readonly<Record<string, NdArray<'float32'>>>;
}

export interface SplitModel {
  /** Frozen layers, where what is trained needs one activation of theirs and no other; absent where there are none. */
  readonly stem?: LayersNetwork & { readonly end: string };
  /** From what the stem gives, else from the model's input, to the tap. */
  readonly network: LayersNetwork;
}

/**
 * Divides the layers up to a tap in those that stay frozen and those that are trained. The cut is made at a single activation: frozen
 * layers after the last one that allows it belong to `network`, with weights that are not trained.
 * @throws KINDRED_BACKBONE_TAP for an unknown layer; KINDRED_BACKBONE_LAYERS if nothing before the tap would be trained;
 *   KINDRED_WEIGHTS_INVALID if `values` do not fit
 */
export function splitLayersModel(model: LayersModel, { tap, from, trainNorms, values }: SplitOptions): SplitModel {
  const output = outputOf(model, tap, 'tap');
  const trains = trainedLayers(model, from);
  const way = wayTo(output);
  const first = way.findIndex(({ sourceLayer }) => trains(sourceLayer) && sourceLayer.trainableWeights.length > 0);
  if (first < 0) throw nothingToTrain(from, tap);
  const passage = from === undefined ? undefined : lastPassage(way, first);
  const before = passage && partUpTo(model, passage);
  const frozen = before?.layers.some(({ weights }) => weights.length > 0);
  const rest = passage && frozen ? wayTo(output, passage) : way;
  const own = new Set(layersOf(passage && frozen ? rest.slice(1) : rest));
  const all = model.layers.filter((layer) => own.has(layer));
  const network = layersNetwork(
    { layers: all, output, run: (x, { training }) => runAlong(rest, x, { training }) },
    { values, trains, frozenNorms: all.filter((layer) => !trainNorms || !trains(layer)) },
  );
  const stem =
    before && frozen
      ? { ...layersNetwork(before, { values, trains: () => false }), end: before.output.sourceLayer.name }
      : undefined;
  freeWeights(model);
  return { ...(stem && { stem }), network };
}

/** Layers at and after the named one, in the model's order: each comes after all that it depends on. */
function trainedLayers(model: LayersModel, from: string | undefined): (layer: Layer) => boolean {
  if (from === undefined) return () => true;
  const start = model.layers.indexOf(outputOf(model, from, 'trainable').sourceLayer);
  const trained = new Set(model.layers.slice(start));
  return (layer) => trained.has(layer);
}

function nothingToTrain(from: string | undefined, tap: string): KindredError {
  return new KindredError('KINDRED_BACKBONE_LAYERS', {
    message: `Some weights between the layer of "trainable" and the tap must be trained. There are none from "${from ?? 'the first layer'}" to "${tap}".`,
    path: 'trainable',
    received: from,
    hint: 'Name a layer that comes earlier, or leave "trainable" out.',
  });
}
