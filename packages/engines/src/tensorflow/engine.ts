import * as tf from '@tensorflow/tfjs-core';
import { refuseCalibration, type Engine, type Executable } from '@kindred/core';

import { EagerExecutable } from './executable.js';
import { findInstallation, type Places } from './installation.js';
import { tensorflowBackend } from './register.js';
import { Turns } from './turns.js';
import { unavailable } from './unavailable.js';

export interface TensorflowEngineOptions extends Places {
  /** `gpu`: only with one. Default `auto`: whatever libtensorflow finds. */
  readonly device?: 'auto' | 'gpu';
}

/**
 * Runs programs eagerly on libtensorflow, through tfjs-node's backend. Programs are functions of this thread, so this is where
 * they run: a run blocks the event loop for as long as it lasts, and between two of them it is served.
 * @throws KINDRED_ENGINE_UNAVAILABLE if no tfjs-node is found or it does not load.
 */
export async function createTensorflowEngine({ device = 'auto', ...places }: TensorflowEngineOptions): Promise<Engine> {
  const installation = findInstallation(places);
  if (!installation)
    throw unavailable('neither an installation of its own nor the package @tensorflow/tfjs-node is there');
  const { binding } = await tensorflowBackend(installation);
  const gpu = binding.isUsingGpuDevice();
  if (device === 'gpu' && !gpu) throw unavailable(`libtensorflow ${binding.TF_Version} must see a GPU, and sees none`);

  const turns = new Turns();
  const open = new Set<Executable>();
  return {
    name: 'tensorflow',
    concurrency: 1,
    describe: () => ({
      tensorflow: binding.TF_Version,
      tfjs: tf.version_core,
      device: gpu ? 'gpu' : 'cpu',
      from: installation.origin,
    }),
    // eslint-disable-next-line @typescript-eslint/require-await -- a refusal must reject the promise
    async compile(program, options) {
      refuseCalibration('tensorflow', options);
      const executable: Executable = new EagerExecutable(program, turns, () => open.delete(executable));
      open.add(executable);
      return executable;
    },
    async dispose() {
      await Promise.all([...open].map((executable) => executable.dispose()));
    },
  };
}
