/**
 * A process of its own that loads an installation of tfjs-node, multiplies two matrices with it and says on its output what it
 * found: native code that does not fit the machine can end a process, and its log would be on the caller's stderr.
 * Argument: JSON of { folder, package, binding, symbol }.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import util from 'node:util';

import tf from '@tensorflow/tfjs-core';

/** @type {{ folder: string, package: string, binding: string, symbol: string }} */
const { folder, package: name, binding: file, symbol } = JSON.parse(process.argv[2] ?? '{}');

util.isNullOrUndefined ??= (/** @type {unknown} */ value) => value === null || value === undefined;
Object.assign(globalThis, { [Symbol.for(symbol)]: tf });

const load = createRequire(path.join(folder, 'package.json'));
const binding = load(`./${file}`);
const { NodeJSKernelBackend } = load('./dist/nodejs_kernel_backend.js');
load('./dist/register_all_kernels.js');
tf.registerBackend('tensorflow', () => new NodeJSKernelBackend(binding, name));
await tf.setBackend('tensorflow');

const product = tf.matMul([[1, 2]], [[3], [4]]).dataSync();
if (product.length !== 1 || product[0] !== 11) throw new Error(`[1, 2] times [3, 4] must be 11, and was ${product}`);
process.stdout.write(JSON.stringify({ tensorflow: binding.TF_Version, gpu: binding.isUsingGpuDevice() }));
