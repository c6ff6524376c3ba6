import { KindredError } from '@kindred/core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** The tensor `name` of a component's fitted state. @throws KINDRED_BUNDLE_INVALID if the state lacks it */
export function fittedTensor(component: string, tensors: Readonly<Record<string, Tensor>>, name: string): Tensor {
  const tensor = tensors[name];
  if (tensor) return tensor;
  throw new KindredError('KINDRED_BUNDLE_INVALID', {
    message: `The fitted state of ${component} must hold the tensor "${name}". Got ${Object.keys(tensors).join(', ') || 'none'}.`,
    received: Object.keys(tensors),
    hint: 'Train again: the saved state is not of this component.',
  });
}
