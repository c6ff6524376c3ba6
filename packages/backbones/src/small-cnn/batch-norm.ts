import {
  add,
  batchNorm as normalize,
  moments,
  mul,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import type { z } from 'zod';

import { constant } from './initializers.js';
import type { batchNormOptions } from './layer-options.js';
import type { Layer, Place } from './layer.js';

/**
 * Batch normalization (Ioffe and Szegedy 2015, arXiv:1502.03167) over all axes but the channels: by the batch's own mean and
 * variance in training, which also move the averages that are used afterwards.
 */
export function batchNorm(options: z.output<typeof batchNormOptions>, { name, inputShape }: Place): Layer {
  const { momentum, epsilon } = options;
  const channels = inputShape.at(-1) as number;
  return {
    outputShape: inputShape,
    init: () => ({
      [`${name}.gamma`]: { value: constant(channels, 1) },
      [`${name}.beta`]: { value: constant(channels, 0) },
      [`${name}.movingMean`]: { value: constant(channels, 0), trainable: false },
      [`${name}.movingVariance`]: { value: constant(channels, 1), trainable: false },
    }),
    forward(weights, x, mode) {
      const of = (part: string): Tensor1D => weights[`${name}.${part}`] as Tensor1D;
      let [mean, variance] = [of('movingMean'), of('movingVariance')];
      if (mode.training) {
        const axes = inputShape.map((_, i) => i); // the batch axis comes before those of an image; the channels are last
        const batch = moments(x, axes);
        const moved = (average: Tensor, now: Tensor): Tensor => add(mul(average, momentum), mul(now, 1 - momentum));
        mode.update(`${name}.movingMean`, moved(mean, batch.mean));
        mode.update(`${name}.movingVariance`, moved(variance, batch.variance));
        [mean, variance] = [batch.mean as Tensor1D, batch.variance as Tensor1D];
      }
      return normalize(x as Tensor4D, mean, variance, of('beta'), of('gamma'), epsilon);
    },
  };
}
