import type { Random } from '../context/random.js';
import type { BatchAugmentation, EpochAugmentation } from '../data/augment/batch-augmentation.js';
import { decodedBatches } from '../features/decoded-batches.js';
import type { ImageSpec, Sample } from '../plugin/contract.js';
import { float32, uint8, type NdArray } from '../tensor/nd-array.js';
import type { BatchSource } from '../training/task.js';

export interface ImageBatchesOptions {
  readonly spec: ImageSpec;
  readonly batchSize: number;
  readonly limitInputPixels: number;
  readonly signal: AbortSignal;
  /** Shuffles every epoch anew. Left out: samples stay in order. */
  readonly random?: Random;
  /** Changes the images of every epoch anew. */
  readonly augmentation?: BatchAugmentation | undefined;
}

/**
 * Batches `{ images: uint8 [B, H, W, C], y: float32 [B, L] }`, decoded anew in every epoch: memory does not grow with the set.
 * With mixed images, `y` has shares.
 * @throws KINDRED_IMAGE_* for an image that became unreadable since it was checked; KINDRED_PLUGIN_* of augmentations
 */
export function imageBatches(
  samples: readonly Sample[],
  targets: NdArray<'uint8'>,
  { spec, batchSize, limitInputPixels, signal, random, augmentation }: ImageBatchesOptions,
): BatchSource {
  return {
    samples: samples.length,
    async *epoch(epoch) {
      const rows = samples.map((_, row) => row);
      const order = random?.fork(`epoch ${epoch}`).shuffle(rows) ?? rows;
      const ordered = order.map((row) => samples[row] as Sample);
      const augmented = augmentation?.epoch(epoch);
      const decoding = { spec, batchSize, limitInputPixels, signal, decoder: augmented?.decoder };
      let batches = 0;
      for await (const { images, count, entries } of decodedBatches(ordered, decoding)) {
        const failed = entries.find(({ error }) => error !== undefined);
        if (failed?.error) throw failed.error;
        const rows = entries.map(({ index }) => order[index] as number);
        const batch = batchOf(images, count, rows, targets);
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

function batchOf(
  images: NdArray<'uint8'>,
  count: number,
  rows: readonly number[],
  targets: NdArray<'uint8'>,
): ImageBatch {
  const [batch = 1, ...pixels] = images.shape;
  const [, labels = 1] = targets.shape;
  const y = float32([count, labels]);
  rows.forEach((row, i) => y.data.set(targets.data.subarray(row * labels, (row + 1) * labels), i * labels));
  return { images: uint8([count, ...pixels], images.data.subarray(0, (images.data.length / batch) * count)), y };
}
