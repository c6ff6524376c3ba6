import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { drawPosters, drawUnseenPosters } from './draw-posters.js';
import { GENRES } from './genres.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kindred-draw-'));
});
afterEach(() => rm(folder, { recursive: true }));

const images = async (set: string): Promise<Buffer[]> => {
  const names = (await readdir(join(folder, set))).sort();
  return Promise.all(names.map((name) => readFile(join(folder, set, name))));
};

describe('drawPosters', () => {
  it('gives the same bytes for the same seed, and others for another', async () => {
    await drawPosters(join(folder, 'a'), { count: 6, seed: 42 });
    await drawPosters(join(folder, 'b'), { count: 6, seed: 42 });
    await drawPosters(join(folder, 'c'), { count: 6, seed: 43 });
    expect(await images('a/Images')).toEqual(await images('b/Images'));
    expect(await images('a/Images')).not.toEqual(await images('c/Images'));
    expect(await readFile(join(folder, 'a/train.csv'))).toEqual(await readFile(join(folder, 'b/train.csv')));
  });

  it('begins a larger set with the smaller one', async () => {
    const small = await drawPosters(join(folder, 'small'), { count: 3, seed: 1 });
    const large = await drawPosters(join(folder, 'large'), { count: 5, seed: 1 });
    expect(large.slice(0, 3)).toEqual(small);
    expect((await images('large/Images')).slice(0, 3)).toEqual(await images('small/Images'));
  });

  it('writes decodable JPEG files of 300 by 420 to 460 pixels', async () => {
    await drawPosters(folder, { count: 8, seed: 3 });
    for (const image of await images('Images')) {
      const { format, width, height, channels } = await sharp(image).metadata();
      expect({ format, width, channels }).toEqual({ format: 'jpeg', width: 300, channels: 3 });
      expect(height).toBeGreaterThanOrEqual(420);
      expect(height).toBeLessThanOrEqual(460);
      // A poster that is one flat colour would mean that nothing was drawn.
      const { channels: statistics } = await sharp(image).stats();
      expect(Math.max(...statistics.map(({ stdev }) => stdev))).toBeGreaterThan(8);
    }
  });

  it('writes a train.csv that parses back to the genres drawn', async () => {
    const rows = await drawPosters(folder, { count: 12, seed: 5 });
    const parsed: Record<string, string>[] = parse(await readFile(join(folder, 'train.csv')), { columns: true });
    expect(Object.keys(parsed[0] ?? {})).toEqual(['Id', 'Genre', ...GENRES]);
    const fromColumns = parsed.map((row) => ({ id: row['Id'], genres: GENRES.filter((genre) => row[genre] === '1') }));
    const fromList = parsed.map((row) => ({
      id: row['Id'],
      genres: JSON.parse((row['Genre'] ?? '').replaceAll("'", '"')) as string[],
    }));
    const drawn = rows.map(({ id, genres }) => ({ id, genres }));
    expect(fromColumns).toEqual(drawn);
    expect(fromList).toEqual(drawn);
    expect((await readdir(join(folder, 'Images'))).sort()).toEqual(drawn.map(({ id }) => `${id}.jpg`));
  });
});

describe('drawUnseenPosters', () => {
  it('draws none of the training posters, and tells the truth apart from the files', async () => {
    await drawPosters(join(folder, 'train'), { count: 20, seed: 42 });
    const unseen = await drawUnseenPosters(join(folder, 'unseen'), { count: 3, seed: 42 });
    expect(unseen.map(({ genres }) => genres.length).every((count) => count >= 1 && count <= 3)).toBe(true);
    const train = (await images('train/Images')).map((image) => image.toString('base64'));
    const others = await images('unseen');
    expect(others).toHaveLength(3);
    for (const image of others) expect(train).not.toContain(image.toString('base64'));
  });
});
