import { DEFAULT_PIXEL_LIMIT, decodeImage } from '../data/decode/decode-image.js';
import type { ImageDecoder } from '../data/decode/image-decoder.js';
import { ImageBatch } from '../data/decode/image-batch.js';
import { asUnreadable } from '../data/image-file.js';
import { isKindredError, type KindredError } from '../errors/kindred-error.js';
import type { ImageSpec, Sample } from '../plugin/contract.js';
import type { NdArray } from '../tensor/nd-array.js';

import { mapOrdered } from './map-ordered.js';
import { prefetch } from './prefetch.js';

/** Reads and decodes under way at once: as many as Node has threads for them. */
const DECODERS = 4;

export interface DecodedBatchOptions {
  readonly spec: ImageSpec;
  /** Rows of every batch, the last one included: programs are compiled for one shape. */
  readonly batchSize: number;
  readonly limitInputPixels?: number;
  /** Decodes to `spec` in its own way: training images are changed with it. */
  readonly decoder?: ImageDecoder;
  /** Batches made before they are asked for, so that decoding overlaps with the consumer's work. Default 1. */
  readonly ahead?: number;
  readonly signal?: AbortSignal;
}

/** What became of one sample: a row of the batch, or the error of an image that cannot be read. */
export type DecodedEntry = {
  /** Counts the samples from 0. */
  readonly index: number;
  readonly sample: Sample;
} & ({ readonly row: number; readonly error?: undefined } | { readonly error: KindredError; readonly row?: undefined });

export interface DecodedBatch {
  /** uint8 `[batchSize, H, W, C]`; rows from `count` on are zero. */
  readonly images: NdArray<'uint8'>;
  /** Rows in use; 0 if none of the images could be read. */
  readonly count: number;
  /** One for each sample, in their order. */
  readonly entries: readonly DecodedEntry[];
}

/**
 * Streams samples as decoded batches. A batch covers the next `batchSize` samples; those whose image cannot be read have an error
 * in place of a row. Beside the batches that the consumer keeps, at most `ahead` exist, and a handful of single images.
 * @throws KINDRED_ABORTED
 */
export function decodedBatches(
  samples: AsyncIterable<Sample> | Iterable<Sample>,
  options: DecodedBatchOptions,
): AsyncGenerator<DecodedBatch> {
  return prefetch(batches(samples, options), options.ahead ?? 1);
}

async function* batches(
  samples: AsyncIterable<Sample> | Iterable<Sample>,
  options: DecodedBatchOptions,
): AsyncGenerator<DecodedBatch> {
  const { spec, batchSize, signal, decoder = plainDecoder(options) } = options;
  const decode = async (sample: Sample, index: number) => {
    const image = await readAndDecode(sample, index, decoder).catch(kindredOnly);
    return { index, sample, image };
  };

  let batch = new ImageBatch(batchSize, spec);
  let entries: DecodedEntry[] = [];
  for await (const { index, sample, image } of mapOrdered(samples, decoder.concurrency, decode, signal)) {
    entries.push(image instanceof Error ? { index, sample, error: image } : { index, sample, row: batch.add(image) });
    if (entries.length < batchSize) continue;
    yield { images: batch.images, count: batch.count, entries };
    batch = new ImageBatch(batchSize, spec);
    entries = [];
  }
  if (entries.length > 0) yield { images: batch.images, count: batch.count, entries };
}

function plainDecoder({ spec, limitInputPixels = DEFAULT_PIXEL_LIMIT }: DecodedBatchOptions): ImageDecoder {
  return {
    concurrency: DECODERS,
    decode: (bytes, { location }) => decodeImage(bytes, spec, { location, limitInputPixels }),
  };
}

async function readAndDecode(sample: Sample, index: number, decoder: ImageDecoder): Promise<NdArray<'uint8'>> {
  return decoder.decode(await readSample(sample), { location: sample.location, index });
}

/**
 * The encoded bytes of a sample's image.
 * @throws KINDRED_IMAGE_* for whatever its `read` fails with
 */
export async function readSample(sample: Sample): Promise<Uint8Array> {
  try {
    return await sample.read();
  } catch (error) {
    throw asUnreadable(error, sample.location);
  }
}

/** An image's error becomes a value; a mistake of the program's own does not. */
export function kindredOnly(error: unknown): KindredError {
  if (isKindredError(error)) return error;
  throw error;
}
