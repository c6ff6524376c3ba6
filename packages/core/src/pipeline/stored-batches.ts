import type { NdArray } from '../tensor/nd-array.js';
import { rowBatches, type RowOrder } from '../training/row-order.js';
import { takeRows } from '../training/take-rows.js';
import type { BatchSource } from '../training/task.js';

import type { StoredStem } from './stored-stem.js';

export interface StoredBatchesOptions {
  readonly stored: StoredStem;
  readonly batchSize: number;
  /** The rows of an epoch. */
  readonly order: RowOrder;
  readonly signal: AbortSignal;
}

/**
 * Batches `{ x: float32 [B, ...shape], y: float32 [B, L] }` of what a stem gave for images of these hashes, read from the store in every epoch:
 * memory does not grow with the set.
 * @throws KINDRED_STORE_UNAVAILABLE; what `order` throws for the first epoch
 */
export function storedBatches(
  hashes: readonly string[],
  targets: NdArray<'uint8'>,
  { stored, batchSize, order, signal }: StoredBatchesOptions,
): BatchSource {
  return {
    samples: order(1).length,
    async *epoch(epoch) {
      for (const rows of rowBatches(order(epoch), batchSize)) {
        signal.throwIfAborted();
        yield { x: await stored.read(rows.map((row) => hashes[row] as string)), y: takeRows(targets, rows) };
      }
    },
  };
}
