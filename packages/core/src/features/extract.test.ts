import { setTimeout as sleep } from 'node:timers/promises';

import { beforeAll, describe, expect, it } from 'vitest';

import { kindredErrorOf } from '../../test/support/catch-error.js';
import { noise, plain } from '../../test/support/images.js';
import { quietContext } from '../../test/support/load-context.js';
import { meanColour, meanColourModel } from '../../test/support/mean-colour.js';
import { realData } from '../../test/support/real-data.js';
import { samplesOf } from '../../test/support/samples.js';
import { tempFolder } from '../../test/support/temp-folder.js';
import type { FeatureStore } from '../context/feature-store.js';
import { loadFolder } from '../data/folder/load-folder.js';
import { folderOptions } from '../data/folder/options.js';
import { hashImage } from '../data/hash.js';
import { KindredError } from '../errors/kindred-error.js';
import type { Sample } from '../plugin/contract.js';
import { float32, type NdArrays } from '../tensor/nd-array.js';

import { extractFeatures } from './extract.js';
import type { ExtractOptions } from './extract-options.js';
import { openLmdbFeatureStore } from './lmdb-store.js';
import { createMemoryFeatureStore } from './memory-store.js';

const { progress } = quietContext('/');
const extract = (samples: readonly Sample[], options: Partial<ExtractOptions> = {}) =>
  extractFeatures({
    samples,
    model: meanColourModel,
    executable: meanColour(),
    concurrency: 2,
    batchSize: 4,
    onError: 'skip',
    progress,
    ...options,
  });

const colour = (value: number) =>
  plain([value, 255 - value, 7])
    .png()
    .toBuffer();
const featureOf = (value: number) => [value, 255 - value, 7];
const rowsOf = ({ shape, data }: { shape: readonly number[]; data: Float32Array }) =>
  Array.from({ length: shape[0] ?? 0 }, (_, i) => [...data.subarray(i * (shape[1] ?? 0), (i + 1) * (shape[1] ?? 0))]);

let colours: Buffer[];
let truncated: Buffer;
let damaged: Buffer;
beforeAll(async () => {
  colours = await Promise.all(Array.from({ length: 30 }, (_, i) => colour(i * 5)));
  const whole = await noise().jpeg().toBuffer();
  truncated = whole.subarray(0, whole.length / 2);
  damaged = Buffer.concat([truncated, truncated]);
});

describe('extractFeatures', () => {
  it('gives one row for each sample, in their order, running one shape only', async () => {
    const executable = meanColour(1);
    const { features, kept, hashes, skipped, stats } = await extract(samplesOf(colours), { executable });
    expect(features).toMatchObject({ dtype: 'float32', shape: [30, 3] });
    expect(rowsOf(features)).toEqual(colours.map((_, i) => featureOf(i * 5)));
    expect(kept).toEqual(colours.map((_, i) => i));
    expect(hashes).toEqual(colours.map(hashImage));
    expect(skipped).toEqual([]);
    expect(stats).toEqual({ fromStore: 0, computed: 30 });
    expect([...executable.shapes]).toEqual(['4,4,4,3']);
    expect(executable.runs).toBe(8);
  });

  it('gives no rows for no samples', async () => {
    expect((await extract([])).features).toEqual(float32([0, 3]));
  });

  it('computes byte-identical images once', async () => {
    const executable = meanColour();
    const [a, b] = colours as [Buffer, Buffer];
    const { features, hashes, stats } = await extract(samplesOf([b, a, a, b, a]), { executable, batchSize: 1 });
    expect(rowsOf(features)).toEqual([5, 0, 0, 5, 0].map(featureOf));
    expect(new Set(hashes).size).toBe(2);
    expect(executable.runs).toBe(2);
    expect(stats).toEqual({ fromStore: 0, computed: 2 });
  });

  it('leaves out images that cannot be read, copies of them too, and reports each by name', async () => {
    const missing = Object.assign(new Error('gone'), { code: 'ENOENT' });
    const [a, b] = colours as [Buffer, Buffer];
    const images = [truncated, a, missing, truncated, Buffer.alloc(0), b, Buffer.from('text')];
    const { features, kept, hashes, skipped, stats } = await extract(samplesOf(images));
    expect(rowsOf(features)).toEqual([0, 5].map(featureOf));
    expect([kept, hashes]).toEqual([
      [1, 5],
      [hashImage(a), hashImage(b)],
    ]);
    expect(skipped.map(({ id, location, error }) => [id, location, error.code])).toEqual([
      ['s0', '/memory/s0', 'KINDRED_IMAGE_CORRUPT'],
      ['s2', '/memory/s2', 'KINDRED_IMAGE_UNREADABLE'],
      ['s3', '/memory/s3', 'KINDRED_IMAGE_CORRUPT'],
      ['s4', '/memory/s4', 'KINDRED_IMAGE_EMPTY'],
      ['s6', '/memory/s6', 'KINDRED_IMAGE_CORRUPT'],
    ]);
    expect(skipped[2]?.error.message).toContain('/memory/s3 is a copy of /memory/s0');
    expect(stats).toEqual({ fromStore: 0, computed: 2 });
  });

  it('limits pixels as asked', async () => {
    const { skipped } = await extract(samplesOf([await noise().png().toBuffer()]), { limitInputPixels: 1000 });
    expect(skipped[0]?.error.code).toBe('KINDRED_IMAGE_TOO_LARGE');
  });

  it('refuses bytes that changed after they were hashed, rather than store a wrong feature', async () => {
    let reads = 0;
    const sample: Sample = {
      ...samplesOf([])[0],
      id: 's',
      labels: [],
      location: '/s',
      read: () => Promise.resolve(colours[reads++] as Buffer),
    };
    const { skipped } = await extract([sample]);
    expect(skipped[0]?.error.message).toBe('An image must not change during a run. /s did.');
  });

  describe('if it is to fail', () => {
    it('names all unreadable images before the backbone runs', async () => {
      const executable = meanColour();
      const images = [Buffer.alloc(0), ...colours, Buffer.from('text')];
      const error = await kindredErrorOf(() => extract(samplesOf(images), { onError: 'fail', executable }));
      expect(error.issues.map(({ path }) => path)).toEqual(['/memory/s0', '/memory/s31']);
      expect(executable.runs).toBe(0);
    });

    it('looks through the rest after the first that does not decode, without running the backbone', async () => {
      const executable = meanColour();
      const images = [...colours.slice(0, 8), truncated, ...colours.slice(8), damaged];
      const error = await kindredErrorOf(() => extract(samplesOf(images), { onError: 'fail', executable }));
      expect(error.issues.map(({ path }) => path)).toEqual(['/memory/s8', '/memory/s31']);
      expect(executable.runs).toBe(2);
    });

    it('stops at twenty', async () => {
      let reads = 0;
      const images = Array.from({ length: 500 }, () => Buffer.from('text'));
      const samples = samplesOf(images, () => reads++);
      const error = await kindredErrorOf(() => extract(samples, { onError: 'fail' }));
      expect(error.issues).toHaveLength(20);
      expect(reads).toBeLessThan(50);
    });
  });

  describe('with a store', () => {
    it('computes what the store lacks, and nothing the second time', async () => {
      const store = createMemoryFeatureStore();
      await extract(samplesOf(colours.slice(0, 10)), { store });
      const executable = meanColour();
      const second = await extract(samplesOf(colours.slice(5, 15)), { store, executable });
      expect(second.stats).toEqual({ fromStore: 5, computed: 5 });
      expect(rowsOf(second.features)).toEqual(Array.from({ length: 10 }, (_, i) => featureOf((i + 5) * 5)));
      expect((await extract(samplesOf(colours.slice(0, 15)), { store })).stats).toEqual({ fromStore: 15, computed: 0 });
    });

    it('leaves features in the store alone if they are not to be kept', async () => {
      const store = createMemoryFeatureStore();
      const first = await extract(samplesOf(colours), { store, keep: false });
      expect(first.features).toEqual(float32([0, 3]));
      expect([first.kept.length, first.stats]).toEqual([30, { fromStore: 0, computed: 30 }]);
      const again = await extract(samplesOf(colours), { store, keep: false });
      expect(again).toEqual({ ...first, stats: { fromStore: 30, computed: 0 } });
      const { features, stats } = await extract(samplesOf(colours), { store });
      expect(rowsOf(features)).toEqual(colours.map((_, i) => featureOf(i * 5)));
      expect(stats).toEqual({ fromStore: 30, computed: 0 });
    });

    it('does not take the features of another backbone, or of another length', async () => {
      const store = createMemoryFeatureStore();
      await extract(samplesOf(colours), { store });
      const model = { ...meanColourModel, fingerprint: 'mean-colour-2' };
      expect((await extract(samplesOf(colours), { store, model })).stats.fromStore).toBe(0);

      const short: FeatureStore = { ...store, getMany: (keys) => Promise.resolve(keys.map(() => new Float32Array(2))) };
      expect((await extract(samplesOf(colours), { store: short })).stats.fromStore).toBe(0);
    });

    it('has what was computed before an interruption', async () => {
      const store = createMemoryFeatureStore();
      const controller = new AbortController();
      const executable = meanColour(5);
      const run = executable.run.bind(executable);
      executable.run = (inputs, options) => {
        if (executable.runs === 4) controller.abort();
        return run(inputs, options);
      };
      const options = { store, executable, concurrency: 1, signal: controller.signal };
      const error = await kindredErrorOf(() => extract(samplesOf(colours), options));
      expect(error.code).toBe('KINDRED_ABORTED');
      const { stats } = await extract(samplesOf(colours), { store });
      expect(stats.fromStore).toBeGreaterThanOrEqual(12);
      expect(stats.computed).toBe(30 - stats.fromStore);
    });

    it.each(['KINDRED_STORE_UNAVAILABLE', 'KINDRED_STORE_FULL'] as const)('fails with %s', async (code) => {
      const broken = new KindredError(code, { message: 'It cannot be written.' });
      const store = { ...createMemoryFeatureStore(), putMany: () => Promise.reject(broken) };
      expect(await kindredErrorOf(() => extract(samplesOf(colours), { store }))).toBe(broken);
    });
  });

  describe('bounded memory', () => {
    it.each([1, 3])(
      'holds at most concurrency + 1 decoded batches and four images (concurrency %d)',
      async (concurrency) => {
        const batchSize = 2;
        let read = 0;
        let inferred = 0;
        let most = 0;
        const executable = meanColour(30);
        const run = executable.run.bind(executable);
        executable.run = async (inputs, options) => {
          const outputs = await run(inputs, options);
          inferred += batchSize;
          return outputs;
        };
        // The first thirty reads hash; those after them decode.
        const samples = samplesOf(colours, () => {
          if (++read > 30) most = Math.max(most, read - 30 - inferred);
        });
        await extract(samples, { executable, batchSize, concurrency });
        expect(most).toBeLessThanOrEqual((concurrency + 1) * batchSize + 4);
        expect(executable.most).toBe(concurrency + 1);
      },
    );

    it('reads a bounded number of files at once', async () => {
      let open = 0;
      let most = 0;
      const samples = samplesOf(colours).map((sample) => ({
        ...sample,
        read: async () => {
          most = Math.max(most, ++open);
          await sleep(2);
          open--;
          return sample.read();
        },
      }));
      await extract(samples);
      expect(most).toBeLessThanOrEqual(8);
    });
  });

  describe('a backbone that breaks its contract', () => {
    const giving = (outputs: (rows: number) => NdArrays) => ({
      run: ({ images }: NdArrays) => Promise.resolve(outputs(images?.shape[0] ?? 0)),
    });

    it.each<[string, (rows: number) => NdArrays, string]>([
      ['another length', (rows) => ({ features: float32([rows, 4]) }), 'float32 [4, 4]'],
      ['fewer rows', (rows) => ({ features: float32([rows - 1, 3]) }), 'float32 [3, 3]'],
      ['more dimensions', (rows) => ({ features: float32([rows, 1, 3]) }), 'float32 [4, 1, 3]'],
      [
        'another type',
        (rows) => ({ features: { dtype: 'int32', shape: [rows, 3], data: new Int32Array(rows * 3) } }),
        'int32 [4, 3]',
      ],
      ['another name', (rows) => ({ output: float32([rows, 3]) }), 'outputs output'],
    ])('gives %s', async (_, outputs, received) => {
      const error = await kindredErrorOf(() => extract(samplesOf(colours), { executable: giving(outputs) }));
      expect(error.code).toBe('KINDRED_PLUGIN_RESULT');
      expect(error.message).toBe(`The backbone must give "features" as float32 [4, 3]. Got ${received}.`);
    });

    it.each([NaN, Infinity])('gives %s, which is told with the image', async (value) => {
      const outputs = (rows: number) => ({
        features: float32([rows, 3], new Float32Array(rows * 3).fill(value, 4, 5)),
      });
      const error = await kindredErrorOf(() =>
        extract(samplesOf(colours.slice(0, 2)), { executable: giving(outputs) }),
      );
      expect(error.message).toBe(`The backbone must give finite features. Got ${value} at position 1 for /memory/s1.`);
    });

    it('may give anything for rows that hold no image', async () => {
      const outputs = (rows: number) => ({ features: float32([rows, 3], new Float32Array(rows * 3).fill(NaN, 6)) });
      const { features } = await extract(samplesOf(colours.slice(0, 2)), { executable: giving(outputs) });
      expect(rowsOf(features)).toEqual([
        [0, 0, 0],
        [0, 0, 0],
      ]);
    });

    it('throws, and no run is left behind', async () => {
      let running = 0;
      const executable = {
        run: async () => {
          running++;
          await sleep(running * 3);
          running--;
          throw new Error('out of memory');
        },
      };
      await expect(extract(samplesOf(colours), { executable })).rejects.toThrow('out of memory');
      expect(running).toBe(0);
    });
  });

  it('reports progress of both passes, and ends it after a failure too', async () => {
    const steps: string[] = [];
    const counting = {
      start: ({ name, total }: { name: string; total?: number }) => {
        let done = 0;
        return { advance: (count: number) => (done += count), end: () => steps.push(`${name} ${done}/${total}`) };
      },
    };
    await extract(samplesOf([...colours, truncated]), { progress: counting });
    expect(steps).toEqual(['reading images 31/31', 'computing features 31/31']);
    const executable = { run: () => Promise.reject(new Error('no')) };
    await expect(extract(samplesOf(colours), { progress: counting, executable })).rejects.toThrow('no');
    expect(steps).toHaveLength(4);
  });

  it.skipIf(realData === undefined)('extracts the Cage set once, and reads it from LMDB the second time', async () => {
    const { samples } = await loadFolder(folderOptions.parse({ path: 'cage' }), quietContext(realData ?? ''));
    const store = await openLmdbFeatureStore(await tempFolder());
    const first = await extract(samples, { store, batchSize: 16 });
    const second = await extract(samples, { store, batchSize: 16 });
    await store.close();
    expect(first.kept).toHaveLength(290);
    expect(first.skipped).toEqual([]);
    // Some files of the set are copies of others.
    const different = new Set(first.hashes).size;
    expect(different).toBeLessThan(290);
    expect(first.stats).toEqual({ fromStore: 0, computed: different });
    expect(second.stats).toEqual({ fromStore: different, computed: 0 });
    expect(second.features).toEqual(first.features);
  });
});
