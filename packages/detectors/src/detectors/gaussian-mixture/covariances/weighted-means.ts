import { float32, type Context, type NdArray } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';

import { compileOverRows, sumBlocks } from '../../../features/row-program.js';

import type { Responsibilities } from './responsibilities.js';

/** Means of the rows of one matrix by responsibilities. */
export interface WeightedMeans {
  /** `[D]` for each component. */
  of(responsibilities: Responsibilities, counts: Float64Array): Promise<Float64Array[]>;
  dispose(): Promise<void>;
}

/** By one matrix product for all components. */
export async function prepareMeans(ctx: Context, x: NdArray<'float32'>): Promise<WeightedMeans> {
  const columns = x.shape[1]!;
  const program = await compileOverRows(ctx, 'weighted-sums', x, (part, { weights }) => ({
    sums: tf.matMul(weights as tf.Tensor2D, part, true),
  }));
  return {
    async of({ values, components }, counts) {
      const blocks = await program.run(({ from, to }) => ({
        weights: float32([to - from, components], values.subarray(from * components, to * components)),
      }));
      const sums = sumBlocks(blocks, 'sums');
      return Array.from(counts, (count, k) => sums.subarray(k * columns, (k + 1) * columns).map((sum) => sum / count));
    },
    dispose: () => program.dispose(),
  };
}
