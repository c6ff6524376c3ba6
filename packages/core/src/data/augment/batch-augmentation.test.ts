import { afterEach, describe, expect, it } from 'vitest';

import { augmentations, augmentationsModule } from '../../../test/support/augmentations.js';
import { kindredErrorOf } from '../../../test/support/catch-error.js';
import { collect } from '../../../test/support/collect.js';
import { noise } from '../../../test/support/images.js';
import { samplesOf } from '../../../test/support/samples.js';
import { createRandom } from '../../context/random.js';
import { decodedBatches } from '../../features/decoded-batches.js';
import type { ImageSpec } from '../../plugin/contract.js';
import { float32, uint8 } from '../../tensor/nd-array.js';

import { batchAugmentation, type BatchAugmentation } from './batch-augmentation.js';

const spec: ImageSpec = { width: 20, height: 14, channels: 3, resize: 'stretch' };
const images = await Promise.all([
  noise().png().toBuffer(),
  noise(30, 40).jpeg().toBuffer(),
  noise(8, 8).webp().toBuffer(),
]);
const list = augmentations({ use: 'move', by: 0.3 }, { use: 'mirror' }, { use: 'noise' }, { use: 'move' });

const opened: BatchAugmentation[] = [];
afterEach(() => Promise.all(opened.splice(0).map((augmentation) => augmentation.close())));

/** With worker threads, or for 0 without. */
function open(workers: number, { bound = list, seed = 1, module = augmentationsModule } = {}): BatchAugmentation {
  const augmentation = batchAugmentation(bound, {
    spec,
    limitInputPixels: 1e6,
    random: createRandom(seed),
    moduleOf: () => (workers === 0 ? undefined : module),
    workers,
  });
  opened.push(augmentation);
  return augmentation;
}

/** An epoch of the three images, each twice, in this order of asking. */
async function epochOf(augmentation: BatchAugmentation, epoch = 1, asked = [0, 1, 2, 3, 4, 5]): Promise<Uint8Array[]> {
  const { decoder } = augmentation.epoch(epoch);
  const pixels: Uint8Array[] = [];
  await Promise.all(
    asked.map(async (index) => {
      const image = await decoder!.decode(images[index % 3]!, { location: `/${index}.png`, index });
      expect(image.shape).toEqual([14, 20, 3]);
      pixels[index] = image.data;
    }),
  );
  return pixels;
}

const decodeOne = (augmentation: BatchAugmentation, bytes: Uint8Array = images[0]) =>
  augmentation.epoch(1).decoder!.decode(bytes, { location: '/data/a.png', index: 0 });

describe('what an image gets', () => {
  it('is the same with any number of threads and without, whatever is asked first', async () => {
    const expected = await epochOf(open(0));
    expect(await epochOf(open(1))).toEqual(expected);
    expect(await epochOf(open(3), 1, [5, 3, 1, 0, 2, 4])).toEqual(expected);
  });

  it('differs between epochs, places in an epoch and seeds, and is the same in a run that begins with a later epoch', async () => {
    const run = open(0);
    const [first, second] = [await epochOf(run, 1), await epochOf(run, 2)];
    expect(second).not.toEqual(first);
    // Index 3 shows the image of index 0 again.
    expect(first[3]).not.toEqual(first[0]);
    expect(await epochOf(open(0, { seed: 2 }))).not.toEqual(first);
    expect(await epochOf(open(0), 2)).toEqual(second);
  });

  it('leaves the encoded bytes as they are, also those that lie in a larger buffer', async () => {
    const pool = Buffer.concat([Buffer.from('before'), images[1], Buffer.from('behind')]);
    const part = pool.subarray(6, 6 + images[1].length);
    const run = open(1);
    expect(await decodeOne(run, part)).toEqual(await decodeOne(run, part));
    expect(part.equals(images[1])).toBe(true);
  });

  it('is decided by images one by one where nothing mixes, and by batches where nothing else does', () => {
    const batch = { images: uint8([1, 1, 1, 1], [3]), targets: float32([1, 2], [1, 0]) };
    expect(open(0).epoch(1).mix(batch, 0)).toBe(batch);
    const mixing = open(1, { bound: augmentations({ use: 'roll' }) });
    expect(mixing.epoch(1).decoder).toBeUndefined();
    const [one, again, next, later] = [
      mixing.epoch(1).mix(batch, 0),
      mixing.epoch(1).mix(batch, 0),
      mixing.epoch(1).mix(batch, 1),
      mixing.epoch(2).mix(batch, 0),
    ];
    expect(again).toEqual(one);
    expect(next).not.toEqual(one);
    expect(later).not.toEqual(one);
  });
});

describe.each([
  ['worker threads', 1],
  ['the calling thread', 0],
])('an error in %s', (_, workers) => {
  it('of an image is told as ever', async () => {
    const error = await kindredErrorOf(() => decodeOne(open(workers), Buffer.from('text')));
    expect([error.code, error.path]).toEqual(['KINDRED_IMAGE_CORRUPT', '/data/a.png']);
    expect(error.message).toContain('/data/a.png is something else');
  });

  it('of a plugin names it', async () => {
    const bound = augmentations({ use: 'unruly', way: 'throw' });
    const error = await kindredErrorOf(() => decodeOne(open(workers, { bound })));
    expect([error.code, error.message]).toEqual([
      'KINDRED_PLUGIN_FAILED',
      'The augmentation unruly of test-augmentations must not throw. It did in "apply": cannot read a pixel',
    ]);
    expect((error.cause as Error).message).toBe('cannot read a pixel');
    expect((error.cause as Error).stack).toContain('augmentations.ts');
  });

  it('that a plugin throws on purpose arrives whole', async () => {
    const bound = augmentations({ use: 'unruly', way: 'refuse' });
    const error = await kindredErrorOf(() => decodeOne(open(workers, { bound })));
    expect(error).toMatchObject({ code: 'KINDRED_DATA_LABEL', message: 'refused', path: 'a.b', hint: 'Do not.' });
    expect(error.issues.map(({ code, message }) => [code, message])).toEqual([['KINDRED_USAGE', 'inner']]);
    expect((error.cause as Error).message).toBe('why');
    // A function cannot be sent: its text is.
    expect(String(error.received)).toBe('() => 1');
  });

  it.each([
    ['shrink', 'uint8 [1, 1, 1] of 1 values'],
    ['promise', 'a promise'],
  ])('is made of what breaks the contract (%s)', async (way, seen) => {
    const bound = augmentations({ use: 'unruly', way });
    const error = await kindredErrorOf(() => decodeOne(open(workers, { bound })));
    expect([error.code, error.received]).toEqual(['KINDRED_PLUGIN_RESULT', seen]);
  });
});

describe('worker threads', () => {
  it('say so where a plugin does not load in them', async () => {
    const module = 'data:text/javascript,throw new Error("no window here")';
    const error = await kindredErrorOf(() => decodeOne(open(1, { module })));
    expect(error.code).toBe('KINDRED_PLUGIN_FAILED');
    expect(error.message).toMatch(/must load in worker threads too\. data:.* threw there: no window here$/);
  });

  it('that a plugin ends fail whoever waits; another starts with the next image', async () => {
    const run = open(1, { bound: augmentations({ use: 'unruly', way: 'exit' }) });
    for (const _ of ['once', 'again']) {
      const error = await kindredErrorOf(() => decodeOne(run));
      expect(error.code).toBe('KINDRED_ENGINE_WORKER');
      expect(error.message).toMatch(/Got: it ended with code 3\.$/);
    }
  });

  it('are stopped in the middle of an augmentation that never ends', async () => {
    const run = open(1, { bound: augmentations({ use: 'unruly', way: 'hang' }) });
    const waiting = kindredErrorOf(() => decodeOne(run));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await run.close();
    expect((await waiting).message).toMatch(/Got: it was closed\.$/);
  });

  it('let go of a run that is stopped in the middle of such an augmentation', async () => {
    const { decoder } = open(1, { bound: augmentations({ use: 'unruly', way: 'hang' }) }).epoch(1);
    const controller = new AbortController();
    const options = { spec, batchSize: 2, decoder, signal: controller.signal };
    const waiting = kindredErrorOf(() => collect(decodedBatches(samplesOf(images), options)));
    setTimeout(() => controller.abort(), 50);
    expect((await waiting).code).toBe('KINDRED_ABORTED');
  });

  it('read as many images ahead as they change at once, and a batch: memory does not grow with the set', async () => {
    const { decoder } = open(2).epoch(1);
    let read = 0;
    let taken = 0;
    const samples = samplesOf(new Array<Buffer>(60).fill(images[2]), () => read++);
    for await (const { count } of decodedBatches(samples, { spec, batchSize: 6, decoder })) {
      taken += count;
      expect(read).toBeLessThanOrEqual(taken + 6 + decoder!.concurrency);
    }
    expect([taken, read]).toEqual([60, 60]);
  });
});
