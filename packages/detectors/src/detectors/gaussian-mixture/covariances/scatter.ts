import { setImmediate } from 'node:timers/promises';

import { float32, type Context, type NdArray } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';

import { compileOverRows, sumBlocks } from '../../../features/row-program.js';

/** Rows that are added between looks at the abort signal: 0.2 s of 2,048 columns. */
const ROWS_AT_ONCE = 128;

/** Sums of products of differences from a mean, `[D, D]`, by weights `[N]` of the rows. */
export interface Scatter {
  of(weights: Float32Array, mean: Float64Array): Promise<Float64Array>;
  dispose(): Promise<void>;
}

/** By matrix products in float32: errors are about 1e-7 of the largest variance. */
export async function prepareScatter(ctx: Context, x: NdArray<'float32'>): Promise<Scatter> {
  const columns = x.shape[1]!;
  const program = await compileOverRows(ctx, 'scatter', x, (part, { weights, mean }) => {
    const differences = tf.sub(part, mean!);
    return { scatter: tf.matMul(tf.mul(differences, weights!), differences, true) };
  });
  return {
    async of(weights, mean) {
      const around = float32([1, columns], Float32Array.from(mean));
      const blocks = await program.run(({ from, to }) => ({
        weights: float32([to - from, 1], weights.subarray(from, to)),
        mean: around,
      }));
      return sumBlocks(blocks, 'scatter');
    },
    dispose: () => program.dispose(),
  };
}

/** The same in float64, the lower triangle alone. Rows of weight 0 cost nothing. */
export async function exactScatter(
  { signal }: Pick<Context, 'signal'>,
  { data, shape }: NdArray<'float32'>,
  weights: Float32Array,
  mean: Float64Array,
): Promise<Float64Array> {
  const n = shape[1]!;
  const scatter = new Float64Array(n * n);
  const rows = Array.from({ length: shape[0]! }, (_, i) => i).filter((i) => weights[i] !== 0);
  // Four rows at a time read and write each sum once for four products. Missing rows of the last four are zero.
  const four = Array.from({ length: 4 }, () => new Float64Array(n));
  for (let at = 0; at < rows.length; at += 4) {
    if (at % ROWS_AT_ONCE === 0) {
      await setImmediate();
      signal.throwIfAborted();
    }
    four.forEach((differences, r) => {
      const i = rows[at + r];
      const root = i === undefined ? 0 : Math.sqrt(weights[i]!);
      for (let j = 0; j < n; j++) differences[j] = root && root * (data[i! * n + j]! - mean[j]!);
    });
    addProducts(scatter, n, four as [Float64Array, Float64Array, Float64Array, Float64Array]);
  }
  return scatter;
}

function addProducts(
  scatter: Float64Array,
  n: number,
  [a, b, c, d]: [Float64Array, Float64Array, Float64Array, Float64Array],
): void {
  for (let i = 0; i < n; i++) {
    const [ai, bi, ci, di] = [a[i]!, b[i]!, c[i]!, d[i]!];
    const row = i * n;
    for (let j = 0; j <= i; j++) scatter[row + j]! += ai * a[j]! + bi * b[j]! + (ci * c[j]! + di * d[j]!);
  }
}
