import type { Scope } from '../container/scope.js';
import { PLAN } from '../container/tokens.js';
import type { BatchAugmentation } from '../data/augment/batch-augmentation.js';
import type { ImageSpec, Sample } from '../plugin/contract.js';
import type { NdArray } from '../tensor/nd-array.js';
import type { RowOrder } from '../training/row-order.js';
import type { BatchSource } from '../training/task.js';

import { imageBatches } from './image-batches.js';
import { storedBatches } from './stored-batches.js';
import type { StoredStem } from './stored-stem.js';

/** Images of one part of the split, and what heads are to learn of them. */
export interface Part {
  readonly samples: readonly Sample[];
  /** Of their images. */
  readonly hashes: readonly string[];
  /** `[N, L]`. */
  readonly targets: NdArray<'uint8'>;
}

/** How the images of a part become batches. */
export interface JointReading {
  readonly spec: ImageSpec;
  readonly order: RowOrder;
  readonly signal: AbortSignal;
  /** What the stem gave for them; read in place of the images. */
  readonly stored?: StoredStem | undefined;
  readonly augmentation?: BatchAugmentation | undefined;
}

/** The batches of a part: of what was stored where there is that, else of decoded images. */
export function jointBatches(
  scope: Scope,
  { samples, hashes, targets }: Part,
  { stored, ...reading }: JointReading,
): BatchSource {
  const { training, data } = scope.resolve(PLAN).manifest;
  const { batchSize } = training;
  if (stored) return storedBatches(hashes, targets, { ...reading, stored, batchSize });
  return imageBatches(samples, targets, { ...reading, batchSize, limitInputPixels: data.limitInputPixels });
}
