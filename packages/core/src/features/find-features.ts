import { checkImageBytes } from '../data/decode/check-bytes.js';
import { hashImage } from '../data/hash.js';
import type { KindredError } from '../errors/kindred-error.js';
import type { Sample } from '../plugin/contract.js';

import { kindredOnly, readSample } from './decoded-batches.js';
import type { ExtractOptions } from './extract-options.js';
import { featureKey } from './feature-key.js';
import { mapOrdered } from './map-ordered.js';

/** Files read at once; and keys looked up at once, fewer where their values are large. */
const READERS = 8;
const LOOKUP = 256;
const LOOKUP_VALUES = 2 ** 22;

/** What is known of a sample after its bytes were read once. */
export type Inspected =
  { readonly hash: string; readonly error?: undefined } | { readonly error: KindredError; readonly hash?: undefined };

/**
 * Reads and hashes every image, in the order of the samples. What can be told from the bytes alone is told here, before
 * the backbone has run for hours.
 */
export async function* inspectSamples(
  samples: readonly Sample[],
  { progress, signal }: Pick<ExtractOptions, 'progress' | 'signal'>,
): AsyncGenerator<Inspected> {
  const step = progress.start({ name: 'reading images', total: samples.length, unit: 'images' });
  const inspect = async (sample: Sample): Promise<Inspected> => {
    const bytes = await readSample(sample);
    checkImageBytes(bytes, sample.location);
    return { hash: hashImage(bytes) };
  };
  const caught = (sample: Sample) => inspect(sample).catch((error: unknown) => ({ error: kindredOnly(error) }));
  try {
    for await (const inspected of mapOrdered(samples, READERS, caught, signal)) {
      step.advance(1);
      yield inspected;
    }
  } finally {
    step.end();
  }
}

/** Calls `found` for every hash whose feature is in the store with the right length. */
export async function lookUp(
  hashes: readonly string[],
  { store, model }: Pick<ExtractOptions, 'store' | 'model'>,
  found: (hash: string, feature: Float32Array) => void,
): Promise<void> {
  if (store === undefined) return;
  const count = Math.max(1, Math.min(LOOKUP, Math.floor(LOOKUP_VALUES / model.features)));
  for (let start = 0; start < hashes.length; start += count) {
    const chunk = hashes.slice(start, start + count);
    const features = await store.getMany(chunk.map((hash) => featureKey(hash, model.fingerprint)));
    chunk.forEach((hash, i) => {
      const feature = features[i];
      if (feature?.length === model.features) found(hash, feature);
    });
  }
}
