import type { FeatureStore } from '../context/feature-store.js';

/** A store that is opened at its first use: a pipeline that needs no stored features touches no cache folder. */
export function lazyFeatureStore(open: () => Promise<FeatureStore>): FeatureStore {
  let opened: Promise<FeatureStore> | undefined;
  const store = () => (opened ??= open());
  return {
    getMany: async (keys) => (await store()).getMany(keys),
    putMany: async (entries) => (await store()).putMany(entries),
    close: async () => {
      // A store that failed to open has nothing to close; its user was told.
      await opened?.then(
        (inner) => inner.close(),
        () => undefined,
      );
    },
  };
}
