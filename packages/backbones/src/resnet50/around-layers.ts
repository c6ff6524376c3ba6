import type { Network, Weights } from '@kindred/core';
import { mean, tidy, type Tensor } from '@tensorflow/tfjs-core';

import { caffePreprocessing } from './caffe-preprocessing.js';

/** A network that is given pixels, int32 `[N, H, W, 3]`, in place of what its layers expect. */
export function afterPreprocessing(layers: Network): Network {
  return {
    init: (random) => layers.init(random),
    forward: (weights, x, mode) => tidy(() => layers.forward(weights, caffePreprocessing(x), mode)),
  };
}

/** A network whose feature has as many values as its last layer has channels, whatever the image's size. */
export function averagedOverSpace(layers: Network): Network {
  const flat = (y: Tensor): Tensor => (y.rank === 4 ? mean(y, [1, 2]) : y);
  return {
    init: (random) => layers.init(random),
    forward: (weights, x, mode) => tidy(() => flat(layers.forward(weights, x, mode))),
  };
}

/** A network none of whose weights is trained. */
export function withFrozenWeights(layers: Network): Network {
  return {
    init: (random): Weights =>
      Object.fromEntries(
        Object.entries(layers.init(random)).map(([name, { value }]) => [name, { value, trainable: false }]),
      ),
    forward: (weights, x, mode) => layers.forward(weights, x, mode),
  };
}
