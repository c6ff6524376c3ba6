import { describe, expect, it } from 'vitest';

import { kindredErrorOf } from '../../test/support/catch-error.js';
import { collect } from '../../test/support/collect.js';
import { plain } from '../../test/support/images.js';
import { samplesOf } from '../../test/support/samples.js';

import { decodedBatches } from './decoded-batches.js';

const spec = { width: 2, height: 2, channels: 3, resize: 'stretch' } as const;
const colour = (value: number) => plain([value, 0, 0]).png().toBuffer();

describe('decodedBatches', () => {
  it('keeps the order and gives errors as values, in batches of one shape', async () => {
    const missing = Object.assign(new Error('gone'), { code: 'ENOENT' });
    const images = [
      await colour(10),
      missing,
      await colour(30),
      Buffer.from('text'),
      Buffer.alloc(0),
      await colour(60),
    ];
    const batches = await collect(decodedBatches(samplesOf(images), { spec, batchSize: 4 }));

    expect(batches.map(({ images: { shape }, count }) => [shape, count])).toEqual([
      [[4, 2, 2, 3], 2],
      [[4, 2, 2, 3], 1],
    ]);
    expect(
      batches.flatMap(({ entries }) =>
        entries.map(({ index, sample, row, error }) => [index, sample.id, row ?? error.code]),
      ),
    ).toEqual([
      [0, 's0', 0],
      [1, 's1', 'KINDRED_IMAGE_UNREADABLE'],
      [2, 's2', 1],
      [3, 's3', 'KINDRED_IMAGE_CORRUPT'],
      [4, 's4', 'KINDRED_IMAGE_EMPTY'],
      [5, 's5', 0],
    ]);
    const reds = batches.map(({ images: { data } }) => [0, 1, 2, 3].map((row) => data[row * 12]));
    expect(reds).toEqual([
      [10, 30, 0, 0],
      [60, 0, 0, 0],
    ]);
  });

  it('names the image in errors', async () => {
    const [batch] = await collect(decodedBatches(samplesOf([new Error('odd')]), { spec, batchSize: 2 }));
    expect(batch?.count).toBe(0);
    expect(batch?.entries[0]?.error?.message).toContain('/memory/s0');
  });

  it('reads samples as they are wanted, from a source without end', async () => {
    const image = await colour(1);
    let listed = 0;
    async function* endless() {
      for (;;) {
        listed++;
        const [sample] = samplesOf([image]);
        if (sample !== undefined) yield await Promise.resolve(sample);
      }
    }
    let taken = 0;
    for await (const { count } of decodedBatches(endless(), { spec, batchSize: 8, ahead: 1 })) {
      taken += count;
      // One batch ahead, and at most four single images.
      expect(listed).toBeLessThanOrEqual(taken + 8 + 4);
      if (taken >= 80) break;
    }
    expect(taken).toBe(80);
  });

  it('gives nothing for no samples', async () => {
    expect(await collect(decodedBatches([], { spec, batchSize: 8 }))).toEqual([]);
  });

  it('stops on abort', async () => {
    const samples = samplesOf([await colour(1)]);
    const signal = AbortSignal.abort();
    const error = await kindredErrorOf(() => collect(decodedBatches(samples, { spec, batchSize: 8, signal })));
    expect(error.code).toBe('KINDRED_ABORTED');
  });
});
