import { avgPool, maxPool, type Tensor4D } from '@tensorflow/tfjs-core';
import type { z } from 'zod';

import type { poolOptions } from './layer-options.js';
import type { Layer, Place } from './layer.js';

/** Maximum or mean of each window; windows do not overlap, and pixels that fill none are dropped. */
export function pool({ pool: size, kind }: z.output<typeof poolOptions>, { inputShape, refuse }: Place): Layer {
  const [height, width, channels] = inputShape;
  if (height === undefined || width === undefined || channels === undefined) {
    return refuse(
      'a pool layer must come before the activations are flat',
      'Move it before flatten, globalAveragePool and dense.',
    );
  }
  if (Math.min(height, width) < size) {
    return refuse(
      `a pool of ${size} must fit into the ${width}x${height} pixels that are left, or less than 1 pixel remains`,
      'Use fewer or smaller pools, or a larger input.',
    );
  }
  const reduce = kind === 'max' ? maxPool : avgPool;
  return {
    outputShape: [Math.floor(height / size), Math.floor(width / size), channels],
    forward: (_weights, x) => reduce(x as Tensor4D, size, size, 'valid'),
  };
}
