import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { z } from 'zod';

export const statisticOption = z
  .enum(['mean', 'kth'])
  .default('mean')
  .describe('What is taken of the distances to the neighbours: their mean, or the distance to the last of them.');

export type Statistic = z.infer<typeof statisticOption>;

/** One number `[N]` of each row's distances `[N, k]`, which need not be in order. */
export const statisticOf = (statistic: Statistic, distances: Tensor): Tensor =>
  statistic === 'mean' ? tf.mean(distances, 1) : tf.max(distances, 1);

/** The same of `[N * k]` in host memory. */
export function statisticsOf(statistic: Statistic, distances: Float32Array, k: number): Float64Array {
  return Float64Array.from({ length: distances.length / k }, (_, row) => {
    const own = distances.subarray(row * k, (row + 1) * k);
    return statistic === 'mean' ? own.reduce((sum, distance) => sum + distance, 0) / k : Math.max(...own);
  });
}
