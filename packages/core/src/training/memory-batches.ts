import type { Random } from '../context/random.js';
import { float32, type NdArray, type NdArrays } from '../tensor/nd-array.js';

import type { BatchSource } from './task.js';

export interface MemoryBatchesOptions {
  readonly batchSize: number;
  /** Shuffles the rows of every epoch anew, by the epoch's number alone. Left out: rows stay in order. */
  readonly random?: Random;
}

/**
 * Batches `{ x: float32 [B, D], y: float32 [B, L] }` of features `[N, D]` and a label matrix `[N, L]` in memory. The last
 * batch holds what is left.
 */
export function memoryBatches(
  { x, y }: { readonly x: NdArray<'float32'>; readonly y: NdArray<'uint8'> },
  { batchSize, random }: MemoryBatchesOptions,
): BatchSource {
  const [samples = 0] = x.shape;
  return {
    samples,
    *epoch(epoch) {
      const rows = Array.from({ length: samples }, (_, row) => row);
      const order = random?.fork(`epoch ${epoch}`).shuffle(rows) ?? rows;
      for (let start = 0; start < samples; start += batchSize) {
        yield takeRows({ x, y }, order.slice(start, start + batchSize));
      }
    },
  };
}

function takeRows(arrays: Readonly<Record<string, NdArray<'float32' | 'uint8'>>>, rows: readonly number[]): NdArrays {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, data }]) => {
      const [, ...rest] = shape;
      const width = rest.reduce((size, dimension) => size * dimension, 1);
      const taken = new Float32Array(rows.length * width);
      rows.forEach((row, i) => taken.set(data.subarray(row * width, (row + 1) * width), i * width));
      return [name, float32([rows.length, ...rest], taken)];
    }),
  );
}
