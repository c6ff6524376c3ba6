import { add, conv2d, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import type { z } from 'zod';

import { ACTIVATIONS } from './activations.js';
import { constant, kernel } from './initializers.js';
import type { convOptions } from './layer-options.js';
import type { Layer, Place } from './layer.js';

/** Convolution over height and width with a bias, then the activation. */
export function conv(options: z.output<typeof convOptions>, { name, inputShape, refuse }: Place): Layer {
  const [height, width, channels] = inputShape;
  if (height === undefined || width === undefined || channels === undefined) {
    return refuse(
      'a conv layer must come before the activations are flat',
      'Move it before flatten, globalAveragePool and dense.',
    );
  }
  const { conv: filters, kernel: size, strides, padding, activation } = options;
  const reach = (length: number): number =>
    padding === 'same' ? Math.ceil(length / strides) : Math.floor((length - size) / strides) + 1;
  const outputShape = [reach(height), reach(width), filters];
  if (Math.min(reach(height), reach(width)) < 1) {
    return refuse(
      `a kernel of ${size} must fit into the ${width}x${height} pixels that are left`,
      'Use "padding": "same", a smaller kernel, fewer pools or a larger input.',
    );
  }
  return {
    outputShape,
    init: (random) => ({
      [`${name}.kernel`]: { value: kernel([size, size, channels, filters], activation, random) },
      [`${name}.bias`]: { value: constant(filters, 0) },
    }),
    forward(weights, x) {
      const filter = weights[`${name}.kernel`] as Tensor4D;
      const convolved = conv2d(x as Tensor4D, filter, strides, padding);
      return ACTIVATIONS[activation](add(convolved, weights[`${name}.bias`] as Tensor));
    },
  };
}
