import * as tf from '@tensorflow/tfjs-core';

import { KindredError } from '../errors/kindred-error.js';

import { registerDilatedGradients } from './dilated-gradients.js';
import type { NdArray } from './nd-array.js';
import { registerRandomUniform } from './random-uniform.js';
import { registerTreeEnsemble } from './tree-ensemble.js';

/**
 * Makes tfjs ready on this host: its plain JavaScript backend `cpu` and the kernels that Kindred adds to it. Nothing is
 * registered before the first call; further calls do nothing.
 */
export async function prepareTf(): Promise<void> {
  // Otherwise tfjs prints a banner that recommends another package.
  tf.env().set('PROD', true);
  // Every compilation comes here: importing what is loaded takes a millisecond.
  if (!tf.findBackendFactory('cpu')) await import('@tensorflow/tfjs-backend-cpu');
  registerRandomUniform('cpu');
  registerTreeEnsemble('cpu');
  // Without a choice, tfjs takes the registered backend of the highest priority at its first op, whoever registered it.
  if ((tf.getBackend() as string | undefined) === undefined) await tf.setBackend('cpu');
}

/** `prepareTf`, and the gradients of tfjs' kernels: whatever differentiates a program must have awaited it. */
export async function prepareTfGradients(): Promise<void> {
  await prepareTf();
  // tfjs-core's Node build leaves them out; the umbrella package is the documented place that registers them.
  await import('@tensorflow/tfjs');
  registerDilatedGradients();
}

/** A tensor with the array's values; uint8 becomes int32, which is how programs see images. */
export function toTensor(array: NdArray): tf.Tensor {
  const dtype = array.dtype === 'uint8' ? 'int32' : array.dtype;
  const values = array.dtype === 'uint8' ? Int32Array.from(array.data) : array.data;
  return tf.tensor(values, [...array.shape], dtype);
}

/**
 * The tensor's values, copied to host memory.
 * @throws KINDRED_PLUGIN_RESULT for strings and complex numbers, which have no array type.
 */
export function toNdArray(tensor: tf.Tensor): NdArray {
  const { dtype } = tensor;
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') {
    throw new KindredError('KINDRED_PLUGIN_RESULT', {
      message: `A program's tensors must be float32, int32 or bool. Got ${dtype} of shape [${tensor.shape.join(', ')}].`,
      received: dtype,
      hint: 'Cast the tensor with tf.cast before returning it.',
    });
  }
  return { dtype, shape: tensor.shape, data: tensor.dataSync().slice() };
}
