import { copyFile, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';

import { drawPosters } from '../quickstart/draw/draw-posters.js';

import { drawDishes } from './draw-dishes.js';

const CLASSES = ['Horror', 'Western'] as const;

/** Plates of food: with half of them left to train on, enough for the principal components that the examples ask for. */
const DISHES = 280;
/** How many of the posters serve as what is no food. */
const OTHERS = 60;

/**
 * Draws what the examples train on: `posters`; in `classes` those of one of two genres, a folder for each; in `food` plates, and
 * some of the posters as what is none.
 */
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
  await rm(path.join(folder, 'food'), { recursive: true, force: true });
  await drawDishes(path.join(folder, 'food', 'food'), { count: DISHES, seed: 7 });
  await mkdir(path.join(folder, 'food', 'not_food'), { recursive: true });
  for (const { id } of rows.slice(0, OTHERS)) {
    await copyFile(path.join(posters, 'Images', `${id}.jpg`), path.join(folder, 'food', 'not_food', `${id}.jpg`));
  }
}
