import type { Tensor } from '@tensorflow/tfjs-core';

import { createRandom } from '../context/random.js';
import type { BackboneModel, BackboneStem, Weights } from '../plugin/contract.js';
import type { NamedTensors } from '../plugin/engine-contract.js';
import { sizeOf, type NdArrays } from '../tensor/nd-array.js';
import { inferenceMode } from '../training/mode.js';
import { addScope, takeScope } from '../training/scope.js';

/** A backbone from pixels on, for programs that train nothing. */
export interface WholeBackbone {
  readonly constants: NdArrays;
  /** int32 `[N, H, W, C]` in, float32 `[N, D]` out. */
  readonly forward: (constants: NamedTensors, images: Tensor) => Tensor;
}

/** The stem, if there is one, and after it the rest with these weights. */
export function wholeBackbone({ stem, network }: BackboneModel, weights: NdArrays): WholeBackbone {
  if (!stem) {
    return { constants: weights, forward: (constants, images) => network.forward(constants, images, inferenceMode) };
  }
  return {
    constants: { ...addScope('stem', stemWeights(stem)), ...addScope('network', weights) },
    forward(constants, images) {
      const x = stem.network.forward(takeScope('stem', constants), images, inferenceMode);
      return network.forward(takeScope('network', constants), x, inferenceMode);
    },
  };
}

/** A stem's weights: its fingerprint is a hash over them, so they are the same whatever the seed. */
export const stemWeights = ({ network }: BackboneStem): NdArrays => valuesOf(network.init(createRandom(0)));

export function valuesOf(weights: Weights): NdArrays {
  return Object.fromEntries(Object.entries(weights).map(([name, { value }]) => [name, value]));
}

/** A stem as a frozen backbone: the feature of an image is what the stem gives for it, flat. */
export function stemAsBackbone({ input }: BackboneModel, { network, shape, fingerprint }: BackboneStem): BackboneModel {
  const features = sizeOf(shape);
  return {
    input,
    features,
    trainable: false,
    fingerprint,
    network: {
      init: (random) => network.init(random),
      forward: (weights, x, mode) => network.forward(weights, x, mode).reshape([-1, features]),
    },
  };
}
