import { elu, relu, sigmoid, tanh, type Tensor } from '@tensorflow/tfjs-core';

/** Element-wise non-linearities by their Keras names. */
export const ACTIVATIONS = { relu, elu, tanh, sigmoid, linear: (x: Tensor): Tensor => x } satisfies Record<
  string,
  (x: Tensor) => Tensor
>;
export type ActivationName = keyof typeof ACTIVATIONS;
