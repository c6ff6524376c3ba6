import { sizeOf } from '@kindred/core';
import { mean, reshape } from '@tensorflow/tfjs-core';

import type { Layer, Place } from './layer.js';

/** All activations of an image in one row. */
export function flatten({ inputShape }: Place): Layer {
  const size = sizeOf(inputShape);
  return {
    outputShape: [size],
    // The batch is given, not -1: engines know it, and it keeps an empty batch an error.
    forward: (_weights, x) => reshape(x, [x.shape[0], size]),
  };
}

/** The mean of each channel over height and width. */
export function globalAveragePool({ inputShape, refuse }: Place): Layer {
  if (inputShape.length !== 3) {
    return refuse(
      'a globalAveragePool layer must come before the activations are flat',
      'Remove it, or move it before flatten and dense.',
    );
  }
  return { outputShape: inputShape.slice(-1), forward: (_weights, x) => mean(x, [1, 2]) };
}
