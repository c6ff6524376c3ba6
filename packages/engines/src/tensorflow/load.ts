import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

import * as tf from '@tensorflow/tfjs-core';

import type { BackendModule, TensorflowBackend, TensorflowBinding } from './backend-module.js';
import { BINDING_FILE, shareHost } from './host-tfjs.js';
import { TFJS_NODE_VERSION, type Installation } from './installation.js';
import { prepareProcess } from './prepare-process.js';
import { unavailable } from './unavailable.js';

/**
 * Loads libtensorflow and registers tfjs-node's kernels, which are all for a tfjs backend named `tensorflow`. Not through the package's
 * main file: that makes its backend tfjs' default for the whole process, and needs what only its installer needs.
 * @throws KINDRED_ENGINE_UNAVAILABLE if a part of it is missing, does not load or is of another version.
 */
export function loadBackend(installation: Installation): TensorflowBackend {
  const { folder, package: name, version } = installation;
  if (version !== TFJS_NODE_VERSION) {
    throw unavailable(`${name} must be version ${TFJS_NODE_VERSION}, as tfjs-core is. Got ${version}`, {
      path: folder,
    });
  }
  const file = path.join(folder, BINDING_FILE);
  if (!existsSync(file)) {
    throw unavailable(`${name} lacks its native part ${BINDING_FILE}: its install script did not run`, {
      path: folder,
    });
  }
  const require = createRequire(path.join(folder, 'package.json'));
  prepareProcess();
  try {
    shareHost(require);
    const binding = require(`./${BINDING_FILE}`) as TensorflowBinding;
    const { NodeJSKernelBackend } = require('./dist/nodejs_kernel_backend.js') as BackendModule;
    if (tf.getKernelsForBackend('tensorflow').length === 0) require('./dist/register_all_kernels.js');
    return new NodeJSKernelBackend(binding, name);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw unavailable(`${name} did not load: ${reason.replace(/\.$/, '')}`, { cause: error, path: folder });
  }
}
