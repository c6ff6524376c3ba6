import { expect, it } from 'vitest';

import { createMemoryFeatureStore } from '../features/memory-store.js';

import { lazyFeatureStore } from './lazy-feature-store.js';

/** A store in memory that counts how often it was opened and closed. */
function counted() {
  const counts = { opened: 0, closed: 0 };
  const store = lazyFeatureStore(() => {
    counts.opened++;
    const inner = createMemoryFeatureStore();
    return Promise.resolve({ ...inner, close: () => inner.close().then(() => void counts.closed++) });
  });
  return { counts, store };
}

it('opens nothing, and closes nothing, that is not used', async () => {
  const { counts, store } = counted();
  await store.close();
  expect(counts).toEqual({ opened: 0, closed: 0 });
});

it('opens once, also for several uses at once', async () => {
  const { counts, store } = counted();
  await Promise.all([store.putMany([['a', Float32Array.of(1)]]), store.getMany(['b'])]);
  expect(await store.getMany(['a', 'b'])).toEqual([Float32Array.of(1), undefined]);
  await store.close();
  expect(counts).toEqual({ opened: 1, closed: 1 });
});

it('tells why it cannot be opened to whoever uses it, and closes all the same', async () => {
  const store = lazyFeatureStore(() => Promise.reject(new Error('no room')));
  await expect(store.getMany(['a'])).rejects.toThrow('no room');
  await expect(store.close()).resolves.toBeUndefined();
});
