import type { DecodedBatch } from '../features/decoded-batches.js';
import { uint8 } from '../tensor/nd-array.js';

/** A batch without its unused rows. */
export function trimmed({ images, count, entries }: DecodedBatch): DecodedBatch {
  const [rows = 1, ...pixels] = images.shape;
  if (count === rows) return { images, count, entries };
  const used = images.data.subarray(0, (images.data.length / rows) * count);
  return { images: uint8([count, ...pixels], used), count, entries };
}
