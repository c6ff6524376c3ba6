import type { FeatureStore } from '../context/feature-store.js';

/** A feature store that lasts as long as the process: for tests, and where nothing may be written. */
export function createMemoryFeatureStore(): FeatureStore {
  const features = new Map<string, Float32Array>();
  return {
    getMany: (keys) => Promise.resolve(keys.map((key) => features.get(key)?.slice())),
    putMany(entries) {
      for (const [key, feature] of entries) features.set(key, feature.slice());
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}
