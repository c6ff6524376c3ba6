import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createRandom } from '@kindred/core';

import { type PosterRow, toCsv } from './csv.js';
import { drawPoster } from './draw-poster.js';
import { drawGenres } from './genres.js';

export interface DrawnRow extends PosterRow {
  readonly title: string;
}

export interface DrawOptions {
  readonly count: number;
  readonly seed: number;
}

/** Draws `count` posters into `folder`: `Images/{Id}.jpg` and `train.csv`. The same seed gives the same bytes. */
export async function drawPosters(folder: string, { count, seed }: DrawOptions): Promise<DrawnRow[]> {
  await mkdir(join(folder, 'Images'), { recursive: true });
  const rows = await drawRows(join(folder, 'Images'), 'kp', count, seed, 'train');
  await writeFile(join(folder, 'train.csv'), toCsv(rows));
  return rows;
}

/** Draws `count` posters that `drawPosters` with the same seed did not draw, as `{id}.jpg`; their genres are returned alone. */
export async function drawUnseenPosters(folder: string, { count, seed }: DrawOptions): Promise<DrawnRow[]> {
  await mkdir(folder, { recursive: true });
  return drawRows(folder, 'unseen', count, seed, 'unseen');
}

async function drawRows(
  folder: string,
  prefix: string,
  count: number,
  seed: number,
  stream: string,
): Promise<DrawnRow[]> {
  const root = createRandom(seed).fork(stream);
  const rows: DrawnRow[] = [];
  for (let i = 0; i < count; i++) {
    // A stream of its own for each poster: the first 100 of 400 are the 100 of 100.
    const random = root.fork(String(i));
    const id = `${prefix}${String(i + 1).padStart(4, '0')}`;
    const genres = drawGenres(random);
    const { title, jpeg } = await drawPoster(genres, random);
    await writeFile(join(folder, `${id}.jpg`), jpeg);
    rows.push({ id, genres, title });
  }
  return rows;
}
