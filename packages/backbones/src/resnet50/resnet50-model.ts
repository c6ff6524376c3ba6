import { createHash } from 'node:crypto';

import type { BackboneModel, Network, Weights } from '@kindred/core';
import { mean, tidy, type Tensor } from '@tensorflow/tfjs-core';

import { buildLayersModel } from '../layers-model/build-layers-model.js';
import { networkFromLayersModel } from '../layers-model/network-from-layers-model.js';
import type { OpenWeights } from '../weights/open-weights.js';

import { caffePreprocessing } from './caffe-preprocessing.js';
import type { Resnet50Options } from './options.js';

/**
 * A frozen backbone from the layers and weights of a ResNet in Keras' form.
 * @throws KINDRED_BACKBONE_TAP, KINDRED_WEIGHTS_INVALID
 */
export async function resnetModel(
  weights: Pick<OpenWeights, 'topology' | 'weights' | 'sha256' | 'source'>,
  { tap, size, resize }: Omit<Resnet50Options, 'weights'>,
): Promise<BackboneModel> {
  const layers = networkFromLayersModel(await buildLayersModel(weights.topology, [size, size]), tap, weights.weights);
  const initial = frozen(layers.initial);
  const network: Network = {
    init: () => initial,
    forward: (values, x, mode) => tidy(() => averagedOverSpace(layers.forward(values, caffePreprocessing(x), mode))),
  };
  return {
    input: { width: size, height: size, channels: 3, resize },
    features: layers.outputShape.at(-1) as number,
    trainable: false,
    fingerprint: fingerprintOf({ weights: weights.sha256, preprocessing: 'caffe', tap, size, resize }),
    source: weights.source,
    network,
  };
}

/** A feature has as many values as the tap has channels, whatever the image's size. */
function averagedOverSpace(activations: Tensor): Tensor {
  return activations.rank === 4 ? mean(activations, [1, 2]) : activations;
}

function frozen(weights: Weights): Weights {
  return Object.fromEntries(Object.entries(weights).map(([name, { value }]) => [name, { value, trainable: false }]));
}

function fingerprintOf(parts: Readonly<Record<string, string | number>>): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
