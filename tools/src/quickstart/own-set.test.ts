import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { drawPosters } from './draw/draw-posters.js';
import { manifestFor } from './manifest.js';
import { UsageError } from './options.js';
import { ownSet } from './own-set.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kindred-own-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A set with empty image files: nothing here decodes them. */
async function emptyImages(count: number, header = 'Id,Genre,Drama,"Sci-Fi, odd",News'): Promise<void> {
  await mkdir(join(folder, 'Images'));
  const rows = Array.from({ length: count }, (_, i) => `p${i},"['Drama']",${i % 2},1,0`);
  await writeFile(join(folder, 'train.csv'), `${[header, ...rows].join('\n')}\n`);
  for (let i = 0; i < count; i++) await writeFile(join(folder, 'Images', `p${i}.jpg`), '');
}

describe('ownSet', () => {
  it('holds three posters back, and writes the others with the genres that they have', async () => {
    await emptyImages(40);
    const set = await ownSet(folder, 35, join(folder, 'out'));
    const rows: Record<string, string>[] = parse(await readFile(set.csv), { columns: true });
    expect(Object.keys(rows[0] ?? {})).toEqual(['Id', 'Drama', 'Sci-Fi, odd']);
    expect(set.count).toBe(32);
    expect(rows).toHaveLength(32);
    expect(set.unseen).toHaveLength(3);
    for (const { file, genres } of set.unseen) {
      expect(rows.map(({ Id }) => join(folder, 'Images', `${Id}.jpg`))).not.toContain(file);
      expect(genres).toContain('Sci-Fi, odd');
    }
  });

  it('chooses the same posters each time', async () => {
    await emptyImages(40);
    const once = await ownSet(folder, 35, join(folder, 'a'));
    const again = await ownSet(folder, 35, join(folder, 'b'));
    expect(again.unseen).toEqual(once.unseen);
    expect(await readFile(again.csv)).toEqual(await readFile(once.csv));
  });

  it('takes a drawn set, and names the place of its images in the manifest', async () => {
    await drawPosters(folder, { count: 33, seed: 1 });
    const set = await ownSet(folder, 100, join(folder, 'out'));
    expect(manifestFor(set, 'resnet50', join(folder, 'out'))).toMatchObject({
      data: { path: join('own', 'train.csv'), image: join(folder, 'Images', '{Id}.jpg') },
    });
  });

  it.each([
    ['no folder', () => Promise.resolve(), 'missing', /must be a folder\. There is none at/],
    ['no train.csv', () => mkdir(join(folder, 'Images')), '.', /must hold a train\.csv/],
    [
      'no column Id',
      () => emptyImages(40, 'id,Genre,A,B,C'),
      '.',
      /must have a column "Id"\. It has id, Genre, A, B, C\./,
    ],
    ['too few images', () => emptyImages(12), '.', /at least 30 images .* has 12 for 12 rows/],
  ])('refuses a set with %s', async (_, make, name, message) => {
    await make();
    const attempt = ownSet(join(folder, name), 100, join(folder, 'out'));
    await expect(attempt).rejects.toThrow(UsageError);
    await expect(attempt).rejects.toThrow(message);
  });
});
