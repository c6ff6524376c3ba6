import { createRequire } from 'node:module';

import { TFJS_NODE_VERSION } from './installation.js';

/** The native addon, inside tfjs-node's folder. */
export const BINDING_FILE = 'lib/napi-v8/tfjs_binding.node';

/** Under this symbol the process offers its tfjs-core to the stand-ins below. */
export const HOST_TFJS = 'kindred.tfjs-core';

/** The packages that tfjs-node's files take tfjs from; all that they use is in tfjs-core. */
export const TFJS_PACKAGES = ['@tensorflow/tfjs', '@tensorflow/tfjs-core'] as const;

/**
 * The files of such a package in an installation of Kindred's own: a stand-in that hands out the tfjs-core of the process that
 * loads it. A copy would have types and registries of its own; a link to this one would break for the next Kindred
 * that shares the cache.
 */
export const standIn = (name: string) => ({
  'package.json': JSON.stringify({ name, version: TFJS_NODE_VERSION, main: 'index.js' }),
  'index.js': `module.exports = globalThis[Symbol.for(${JSON.stringify(HOST_TFJS)})];\n`,
});

/**
 * Sees to it that modules loaded through `require` get the tfjs-core that Kindred uses.
 * @throws Error if they would get another copy.
 */
export function shareHost(require: NodeJS.Require): void {
  const host = createRequire(import.meta.url);
  const core = host('@tensorflow/tfjs-core') as object;
  Object.assign(globalThis, { [Symbol.for(HOST_TFJS)]: core });
  for (const name of TFJS_PACKAGES) {
    const seen = require(name) as { Tensor?: unknown };
    if (seen.Tensor === (core as { Tensor: unknown }).Tensor) continue;
    throw new Error('it must use the same copy of @tensorflow/tfjs-core as @kindred/core (npm dedupe)');
  }
}
