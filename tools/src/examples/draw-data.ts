import { copyFile, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';

import { drawPosters } from '../quickstart/draw/draw-posters.js';

const CLASSES = ['Horror', 'Western'] as const;

/** Draws what the examples train on: `posters`, and in `classes` those of one of two genres, a folder for each. */
export async function drawData(folder: string, count: number): Promise<void> {
  const posters = path.join(folder, 'posters');
  const rows = await drawPosters(posters, { count, seed: 7 });
  await rm(path.join(folder, 'classes'), { recursive: true, force: true });
  for (const name of CLASSES) await mkdir(path.join(folder, 'classes', name), { recursive: true });
  for (const { id, genres } of rows) {
    const [only, other] = CLASSES.filter((name) => genres.includes(name));
    if (only === undefined || other !== undefined) continue;
    await copyFile(path.join(posters, 'Images', `${id}.jpg`), path.join(folder, 'classes', only, `${id}.jpg`));
  }
}
