import type { Random } from '../../context/random.js';
import type { Bound } from '../../plugin/bound.js';
import type { ImageBatchData, ImageSpec } from '../../plugin/contract.js';
import { decodeImage } from '../decode/decode-image.js';
import type { ImageDecoder } from '../decode/image-decoder.js';

import { augmentImage, changesImages, mixBatch } from './augment.js';
import { AugmentingThreads } from './threads/augmenting-threads.js';

/** Changes the training images of every epoch anew. */
export interface BatchAugmentation {
  /** What happens to the images of an epoch: it depends on the random stream, the epoch and the place of an image in it alone. */
  epoch(epoch: number): EpochAugmentation;
  /** Ends its threads; images under way are given up. */
  close(): Promise<void>;
}

export interface EpochAugmentation {
  /** Decodes and changes images; absent where none is changed by itself. */
  readonly decoder?: ImageDecoder;
  /** Changes the batch `index` of the epoch, from 0. */
  mix(batch: ImageBatchData, index: number): ImageBatchData;
}

export interface BatchAugmentationOptions {
  readonly spec: ImageSpec;
  readonly limitInputPixels: number;
  readonly random: Random;
  /**
   * The module of an augmentation's plugin, for worker threads. Where one is not known, images are changed in the calling thread,
   * with the same result.
   */
  readonly moduleOf: (bound: Bound<'augmentation'>) => string | undefined;
  /** Threads. Default: up to four, and one processor is left. */
  readonly workers?: number;
}

/** Augmentation by components in their order. */
export function batchAugmentation(
  augmentations: readonly Bound<'augmentation'>[],
  { spec, limitInputPixels, random, moduleOf, workers }: BatchAugmentationOptions,
): BatchAugmentation {
  const changing = augmentations.filter(changesImages);
  const mixing = augmentations.filter((bound) => !changesImages(bound));
  const modules = changing.map(moduleOf);
  const known = modules.filter((module) => module !== undefined);
  const threads =
    changing.length > 0 && known.length === modules.length
      ? new AugmentingThreads(changing, { spec, limitInputPixels, modules: known, workers })
      : undefined;

  const decode = async (bytes: Uint8Array, location: string, seed: number) => {
    if (threads) return threads.run({ bytes, location, seed });
    return augmentImage(changing, await decodeImage(bytes, spec, { location, limitInputPixels }), seed);
  };
  return {
    epoch(epoch) {
      const stream = random.fork(`epoch ${epoch}`);
      const images = stream.fork('images');
      const batches = stream.fork('batches');
      return {
        ...(changing.length > 0 && {
          decoder: {
            concurrency: threads?.concurrency ?? HERE,
            decode: (bytes, { location, index }) => decode(bytes, location, seedOf(images.fork(String(index)))),
          },
        }),
        mix: (batch, index) => mixBatch(mixing, batch, batches.fork(String(index))),
      };
    },
    close: async () => threads?.close(),
  };
}

/** Images under way at once in the calling thread: as many as native decoding has threads. */
const HERE = 4;

/** A stream cannot be sent to another thread, but what another one starts from can. */
const seedOf = (random: Random): number => random.integer(2 ** 32) | 0;
