import * as tf from '@tensorflow/tfjs-core';

import { sizeOf } from './nd-array.js';

/** The tfjs kernel behind `randomUniform`: attributes `{ shape, stream, counters: [rows, columns] }`, input `{ seed }`. */
export const RANDOM_UNIFORM = 'KindredRandomUniform';

const GOLDEN_RATIO = 0x9e3779b9;
const INDEX_STRIDE = 0x9e3779b1;

/**
 * Uniform float32 numbers in [0, 1), multiples of 2^-16, of `shape` that depend on the scalar int32 tensor `seed`, the integer `stream` and the
 * place alone. tfjs' own random ops draw on the host while a program is recorded, which would freeze one draw into the
 * compiled graph; this one is a kernel, so each run draws anew from the seed it is given. Not differentiable.
 */
export function randomUniform(shape: readonly number[], seed: tf.Tensor, stream: number): tf.Tensor {
  const counters = counterShape(sizeOf(shape));
  return tf.engine().runKernel(RANDOM_UNIFORM, { seed }, { shape: [...shape], stream, counters });
}

/** Makes `randomUniform` work on a tfjs backend that can be read and written synchronously. Idempotent. */
export function registerRandomUniform(backendName: string): void {
  if (tf.getKernel(RANDOM_UNIFORM, backendName) !== undefined) return;
  tf.registerKernel({
    kernelName: RANDOM_UNIFORM,
    backendName,
    kernelFunc: ({ inputs, backend, attrs }) => {
      // tfjs types all attributes alike; these are what `randomUniform` passes.
      const { shape, stream } = attrs as unknown as { shape: number[]; stream: number };
      const memory = backend as tf.KernelBackend;
      const [seed = 0] = memory.readSync((inputs.seed as tf.TensorInfo).dataId) as Int32Array;
      const values = uniformValues(sizeOf(shape), seed, stream);
      return { dataId: memory.write(values, shape, 'float32'), shape, dtype: 'float32' };
    },
  });
}

/**
 * The first `size` numbers of a stream: a counter hashed under a key, so that any engine can compute them in any order.
 * All arithmetic is modulo 2^32. A hash gives two numbers of 16 bits: hashing is what random numbers cost.
 */
export function uniformValues(size: number, seed: number, stream: number): Float32Array {
  const key = mix32((seed + Math.imul(stream, GOLDEN_RATIO)) | 0);
  const values = new Float32Array(size);
  const [rows, columns] = counterShape(size);
  const count = rows * columns;
  for (let i = 0; i < Math.min(count, size); i++) {
    const bits = mix32((Math.imul(i, INDEX_STRIDE) + key) | 0);
    values[i] = (bits & 0xffff) * 2 ** -16;
    if (i + count < size) values[i + count] = (bits >>> 16) * 2 ** -16;
  }
  return values;
}

/**
 * How many counters are hashed for `size` numbers: `rows * columns`. The lower halves of the hashes are the first numbers, the upper
 * halves the others. As a table they can be written as the sum of a column and a row, without a constant for each.
 */
function counterShape(size: number): [rows: number, columns: number] {
  const columns = Math.max(1, Math.ceil(Math.sqrt(size / 2)));
  return [Math.ceil(size / 2 / columns), columns];
}

/** A full-avalanche hash of 32 bits: Wellons' "lowbias32" (https://nullprogram.com/blog/2018/07/31/). */
function mix32(bits: number): number {
  let x = bits;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}
