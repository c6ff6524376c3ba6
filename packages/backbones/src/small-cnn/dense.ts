import { add, matMul, type Tensor } from '@tensorflow/tfjs-core';
import type { z } from 'zod';

import { ACTIVATIONS } from './activations.js';
import { constant, kernel } from './initializers.js';
import type { denseOptions } from './layer-options.js';
import type { Layer, Place } from './layer.js';

/** Fully connected units with a bias, then the activation. */
export function dense(options: z.output<typeof denseOptions>, { name, inputShape, refuse }: Place): Layer {
  const { dense: units, activation } = options;
  const [inputs, ...spatial] = inputShape;
  if (inputs === undefined || spatial.length > 0) {
    return refuse(
      'a dense layer must come after the activations are flat',
      'Put { "flatten": true } or { "globalAveragePool": true } before it.',
    );
  }
  return {
    outputShape: [units],
    init: (random) => ({
      [`${name}.kernel`]: { value: kernel([inputs, units], activation, random) },
      [`${name}.bias`]: { value: constant(units, 0) },
    }),
    forward(weights, x) {
      const product = matMul(x, weights[`${name}.kernel`] as Tensor);
      return ACTIVATIONS[activation](add(product, weights[`${name}.bias`] as Tensor));
    },
  };
}
