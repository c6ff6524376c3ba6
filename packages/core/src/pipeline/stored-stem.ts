import type { FeatureStore } from '../context/feature-store.js';
import { KindredError } from '../errors/kindred-error.js';
import { featureKey } from '../features/feature-key.js';
import type { BackboneStem } from '../plugin/contract.js';
import { float32, sizeOf, type NdArray } from '../tensor/nd-array.js';

/** What a stem gave for images, in the feature store. */
export interface StoredStem {
  /** float32 `[hashes.length, ...shape]`: a row for each of these images. @throws KINDRED_STORE_UNAVAILABLE if one is not there */
  read(hashes: readonly string[]): Promise<NdArray<'float32'>>;
}

/** Reads what was stored of images before; nothing is kept in memory. */
export function storedStem({ shape, fingerprint }: BackboneStem, store: FeatureStore): StoredStem {
  const size = sizeOf(shape);
  return {
    async read(hashes) {
      const rows = float32([hashes.length, ...shape]);
      const values = await store.getMany(hashes.map((hash) => featureKey(hash, fingerprint)));
      for (const [i, value] of values.entries()) {
        if (value?.length !== size) throw missing(hashes[i] as string);
        rows.data.set(value, i * size);
      }
      return rows;
    },
  };
}

function missing(hash: string): KindredError {
  return new KindredError('KINDRED_STORE_UNAVAILABLE', {
    message: `The feature store must keep what was stored until the run ends. What the backbone's frozen part gave for the image ${hash.slice(0, 12)} is gone.`,
    received: hash,
    hint: 'Run again once nothing else empties the cache folder.',
  });
}
