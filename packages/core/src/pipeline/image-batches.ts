import type { BatchAugmentation, EpochAugmentation } from '../data/augment/batch-augmentation.js';
import { decodedBatches } from '../features/decoded-batches.js';
import type { ImageSpec, Sample } from '../plugin/contract.js';
import { uint8, type NdArray } from '../tensor/nd-array.js';
import type { RowOrder } from '../training/row-order.js';
import { takeRows } from '../training/take-rows.js';
import type { BatchSource } from '../training/task.js';

export interface ImageBatchesOptions {
  readonly spec: ImageSpec;
  readonly batchSize: number;
  readonly limitInputPixels: number;
  readonly signal: AbortSignal;
  /** The rows of an epoch. */
  readonly order: RowOrder;
  /** Changes the images of every epoch anew. */
  readonly augmentation?: BatchAugmentation | undefined;
}

/**
 * Batches `{ images: uint8 [B, H, W, C], y: float32 [B, L] }`, decoded anew in every epoch: memory does not grow with the set.
 * With mixed images, `y` has shares.
 * @throws KINDRED_IMAGE_* for an image that became unreadable since it was checked; KINDRED_PLUGIN_* of augmentations; what `order` throws
 *   for the first epoch
 */
export function imageBatches(
  samples: readonly Sample[],
  targets: NdArray<'uint8'>,
  { spec, batchSize, limitInputPixels, signal, order, augmentation }: ImageBatchesOptions,
): BatchSource {
  return {
    samples: order(1).length,
    async *epoch(epoch) {
      const all = order(epoch);
      const ordered = all.map((row) => samples[row] as Sample);
      const augmented = augmentation?.epoch(epoch);
      const decoding = { spec, batchSize, limitInputPixels, signal, decoder: augmented?.decoder };
      let batches = 0;
      for await (const { images, count, entries } of decodedBatches(ordered, decoding)) {
        const failed = entries.find(({ error }) => error !== undefined);
        if (failed?.error) throw failed.error;
        const rows = entries.map(({ index }) => all[index] as number);
        const batch = { images: trimmed(images, count), y: takeRows(targets, rows) };
        yield augmented ? mixed(augmented, batch, batches++) : batch;
      }
    },
  };
}

function mixed(augmented: EpochAugmentation, { images, y }: ImageBatch, index: number): ImageBatch {
  const { images: changed, targets } = augmented.mix({ images, targets: y }, index);
  return { images: changed, y: targets };
}

type ImageBatch = { readonly images: NdArray<'uint8'>; readonly y: NdArray<'float32'> };

/** The rows in use. */
function trimmed({ shape: [batch = 1, ...pixels], data }: NdArray<'uint8'>, count: number): NdArray<'uint8'> {
  return uint8([count, ...pixels], data.subarray(0, (data.length / batch) * count));
}
