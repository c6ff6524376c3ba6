import * as tf from '@tensorflow/tfjs-core';
import { prepareTfGradients } from '@kindred/core';

import type { TensorflowBackend } from './backend-module.js';
import { addHostKernels, mendKernels } from './host-kernels.js';
import type { Installation } from './installation.js';
import { loadBackend } from './load.js';

/** The name that tfjs-node's kernels are registered for. */
export const BACKEND = 'tensorflow';

/**
 * tfjs-node's backend; its first use loads libtensorflow, which then stays loaded: native code cannot be unloaded. tfjs never
 * chooses it by itself. A backend that the process has already (it imported tfjs-node) is used as it is.
 * @throws KINDRED_ENGINE_UNAVAILABLE
 */
export async function tensorflowBackend(installation: Installation): Promise<TensorflowBackend> {
  await prepareTfGradients();
  if (!tf.findBackend(BACKEND)) {
    const backend = loadBackend(installation);
    tf.registerBackend(BACKEND, () => backend, Number.NEGATIVE_INFINITY);
  }
  addHostKernels(BACKEND);
  mendKernels(BACKEND);
  return tf.findBackend(BACKEND) as TensorflowBackend;
}
