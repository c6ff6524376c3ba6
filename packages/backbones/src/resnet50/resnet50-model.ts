import type { BackboneModel } from '@kindred/core';

import { buildLayersModel } from '../layers-model/build-layers-model.js';
import { networkFromLayersModel } from '../layers-model/network-from-layers-model.js';
import { splitLayersModel } from '../layers-model/split-layers-model.js';
import type { OpenWeights } from '../weights/open-weights.js';

import { afterPreprocessing, averagedOverSpace, withFrozenWeights } from './around-layers.js';
import { fingerprintOf } from './fingerprint.js';
import type { Resnet50Options } from './options.js';

type Weights = Pick<OpenWeights, 'topology' | 'weights' | 'sha256' | 'source'>;
type Options = Omit<Resnet50Options, 'weights'>;

/**
 * A backbone from the layers and weights of a ResNet in Keras' form, frozen or trained on.
 * @throws KINDRED_BACKBONE_TAP, KINDRED_BACKBONE_LAYERS, KINDRED_WEIGHTS_INVALID
 */
export async function resnetModel(weights: Weights, options: Options): Promise<BackboneModel> {
  const { tap, size, resize, trainable, batchNorm } = options;
  const model = await buildLayersModel(weights.topology, [size, size]);
  const input = { width: size, height: size, channels: 3, resize } as const;
  const given = { weights: weights.sha256, preprocessing: 'caffe' };
  const { source } = weights;
  if (trainable === 'none') {
    const network = networkFromLayersModel(model, tap, weights.weights);
    return {
      input,
      source,
      features: network.outputShape.at(-1) as number,
      trainable: false,
      fingerprint: fingerprintOf({ ...given, tap, size, resize }),
      network: withFrozenWeights(averagedOverSpace(afterPreprocessing(network))),
    };
  }
  const from = trainable === 'all' ? undefined : trainable.slice('from:'.length);
  const split = { tap, from, trainNorms: batchNorm === 'train', values: weights.weights };
  const { stem, network } = splitLayersModel(model, split);
  return {
    input,
    source,
    features: network.outputShape.at(-1) as number,
    trainable: true,
    fingerprint: fingerprintOf({ ...given, tap, size, resize, trainable, batchNorm }),
    ...(stem && {
      stem: {
        network: afterPreprocessing(stem),
        shape: stem.outputShape,
        fingerprint: fingerprintOf({ ...given, stem: stem.end, size, resize }),
      },
    }),
    network: averagedOverSpace(stem ? network : afterPreprocessing(network)),
  };
}
