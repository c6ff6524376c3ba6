import type { Random } from '../context/random.js';
import type { NdArray, NdArrays } from '../tensor/nd-array.js';

import { everyRow, rowBatches, type RowOrder } from './row-order.js';
import { takeRows } from './take-rows.js';
import type { BatchSource } from './task.js';

export interface MemoryBatchesOptions {
  readonly batchSize: number;
  /** Shuffles the rows of every epoch anew, by the epoch's number alone. Left out: rows stay in order. */
  readonly random?: Random;
  /** The rows of an epoch, in place of every row once. */
  readonly order?: RowOrder | undefined;
}

/**
 * Batches `{ x: float32 [B, D], y: float32 [B, L] }` of features `[N, D]` and a label matrix `[N, L]` in memory. The last
 * batch holds what is left.
 * @throws what `order` throws for the first epoch
 */
export function memoryBatches(
  { x, y }: { readonly x: NdArray<'float32'>; readonly y: NdArray<'uint8'> },
  { batchSize, random, order = everyRow(x.shape[0] ?? 0, random) }: MemoryBatchesOptions,
): BatchSource {
  return {
    samples: order(1).length,
    *epoch(epoch) {
      for (const rows of rowBatches(order(epoch), batchSize)) {
        yield { x: takeRows(x, rows), y: takeRows(y, rows) } satisfies NdArrays;
      }
    },
  };
}
