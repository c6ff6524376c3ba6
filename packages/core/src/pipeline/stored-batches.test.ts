import { beforeEach, describe, expect, it } from 'vitest';

import { kindredErrorOf } from '../../test/support/catch-error.js';
import { collect } from '../../test/support/collect.js';
import { tempFolder } from '../../test/support/temp-folder.js';
import type { FeatureStore } from '../context/feature-store.js';
import { createRandom } from '../context/random.js';
import { featureKey } from '../features/feature-key.js';
import { openLmdbFeatureStore } from '../features/lmdb-store.js';
import { createMemoryFeatureStore } from '../features/memory-store.js';
import type { BackboneStem } from '../plugin/contract.js';
import { float32, type NdArrays } from '../tensor/nd-array.js';
import { everyRow } from '../training/row-order.js';

import { storedBatches } from './stored-batches.js';
import { storedStem } from './stored-stem.js';

const network = { init: () => ({}), forward: () => Promise.reject(new Error('not run')) as never };
const stem: BackboneStem = { network, shape: [1, 2, 2], fingerprint: 'stem' };
const hashes = ['a', 'b', 'c'];
const targets = { dtype: 'uint8', shape: [3, 1], data: Uint8Array.of(1, 0, 1) } as const;
const { signal } = new AbortController();

let store: FeatureStore;
beforeEach(async () => {
  store = createMemoryFeatureStore();
  await store.putMany(hashes.map((hash, i) => [featureKey(hash, 'stem'), new Float32Array(4).fill(i)]));
});

const batches = (order = everyRow(3), batchSize = 2) =>
  storedBatches(hashes, targets, { stored: storedStem(stem, store), batchSize, order, signal });
const first = async (epoch = 1, ...made: Parameters<typeof batches>) =>
  collect(batches(...made).epoch(epoch) as AsyncIterable<NdArrays>);

describe('storedBatches', () => {
  it('reads rows in the order of the epoch, in the shape that the stem gave them', async () => {
    expect(await first()).toEqual([
      { x: float32([2, 1, 2, 2], [0, 0, 0, 0, 1, 1, 1, 1]), y: float32([2, 1], [1, 0]) },
      { x: float32([1, 1, 2, 2], [2, 2, 2, 2]), y: float32([1, 1], [1]) },
    ]);
    expect(batches().samples).toBe(3);
  });

  it('gives the same batches for the same epoch, others for another', async () => {
    const order = () => everyRow(3, createRandom(4));
    expect(await first(1, order())).toEqual(await first(1, order()));
    expect(await first(1, order())).not.toEqual(await first(2, order()));
  });

  it('gives one smaller batch for fewer images than a batch holds, and a row as often as the order does', async () => {
    expect((await first(1, everyRow(3), 64)).map(({ x }) => x?.shape)).toEqual([[3, 1, 2, 2]]);
    const [batch] = await first(1, () => [2, 2]);
    expect(batch?.['x']?.data).toEqual(new Float32Array(8).fill(2));
  });

  it('has read no more than a batch before it is asked for the next', async () => {
    const asked: number[] = [];
    const counting: FeatureStore = { ...store, getMany: (keys) => (asked.push(keys.length), store.getMany(keys)) };
    const source = storedBatches(hashes, targets, {
      stored: storedStem(stem, counting),
      batchSize: 1,
      order: everyRow(3),
      signal,
    });
    for await (const _ of source.epoch(1)) if (asked.length === 2) break;
    expect(asked).toEqual([1, 1]);
  });

  it.each([
    ['gone', undefined],
    ['of another length', new Float32Array(3)],
  ])('tells of an entry that is %s', async (_, value) => {
    const broken: FeatureStore = { ...store, getMany: (keys) => Promise.resolve(keys.map(() => value)) };
    const error = await kindredErrorOf(() => storedStem(stem, broken).read(hashes));
    expect(error.code).toBe('KINDRED_STORE_UNAVAILABLE');
  });

  it('stops on abort', async () => {
    const aborted = storedBatches(hashes, targets, {
      stored: storedStem(stem, store),
      batchSize: 1,
      order: everyRow(3),
      signal: AbortSignal.abort(),
    });
    await expect(collect(aborted.epoch(1) as AsyncIterable<NdArrays>)).rejects.toThrow('abort');
  });

  it('keeps activations of an image whole in LMDB: 14 x 14 x 1024 floats', async () => {
    const lmdb = await openLmdbFeatureStore(await tempFolder());
    const large = { ...stem, shape: [14, 14, 1024] };
    const values = hashes.map((_, i) => Float32Array.from({ length: 14 * 14 * 1024 }, (__, j) => i + j));
    await lmdb.putMany(hashes.map((hash, i) => [featureKey(hash, 'stem'), values[i] as Float32Array]));
    const read = await storedStem(large, lmdb).read(['c', 'a']);
    expect(read.shape).toEqual([2, 14, 14, 1024]);
    expect(
      Buffer.from(read.data.buffer).equals(Buffer.concat([values[2], values[0]].map((v) => Buffer.from(v!.buffer)))),
    ).toBe(true);
    await lmdb.close();
  });
});
