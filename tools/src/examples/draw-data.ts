import { copyFile, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';

import { drawPosters, type DrawnRow } from '../quickstart/draw/draw-posters.js';

import { drawCharacters } from './draw/draw-characters.js';
import { drawDishes } from './draw/draw-dishes.js';
import { drawFaces, drawPortraits } from './draw/draw-faces.js';
import { drawPets } from './draw/draw-pets.js';

const CLASSES = ['Horror', 'Western'] as const;
const SEED = 7;

/** Plates of food: with half of them left to train on, enough for the principal components that the examples ask for. */
const DISHES = 280;
/** How many of the posters serve as what is no food. */
const OTHERS = 60;
/** How many of the plates serve as what is neither a cat nor a dog. */
const THINGS = 40;

/**
 * Draws what the examples train on: `posters`; in `classes` those of one of two genres, a folder for each; in `food` plates, and
 * some of the posters as what is none; `cage`, one person and others; `cats-dogs`, and `irrelevant` plates; `faces` of persons and
 * characters of alphabets in `omniglot`.
 */
export async function drawData(folder: string, count: number): Promise<void> {
  const posters = path.join(folder, 'posters');
  const rows = await drawPosters(posters, { count, seed: SEED });
  const poster = ({ id }: DrawnRow) => path.join(posters, 'Images', `${id}.jpg`);
  const made = ['classes', 'food', 'cage', 'cats-dogs', 'irrelevant', 'faces', 'omniglot'];
  for (const name of made) await rm(path.join(folder, name), { recursive: true, force: true });

  for (const name of CLASSES) await copyInto(path.join(folder, 'classes', name), rows.filter(isOnly(name)).map(poster));
  await drawDishes(path.join(folder, 'food', 'food'), { count: DISHES, seed: SEED });
  await copyInto(path.join(folder, 'food', 'not_food'), rows.slice(0, OTHERS).map(poster));
  await drawPortraits(path.join(folder, 'cage', 'cage'), { count: 40, seed: SEED, same: true });
  await drawPortraits(path.join(folder, 'cage', 'not_cage'), { count: 40, seed: SEED, same: false });
  await drawPets(path.join(folder, 'cats-dogs'), { each: 40, seed: SEED });
  await drawDishes(path.join(folder, 'irrelevant'), { count: THINGS, seed: SEED + 1 });
  await drawFaces(path.join(folder, 'faces'), { persons: 24, each: 6, seed: SEED });
  await drawCharacters(path.join(folder, 'omniglot'), { alphabets: 4, characters: 10, each: 6, seed: SEED });
}

/** Whether a poster is of this class and of no other. */
const isOnly =
  (name: (typeof CLASSES)[number]) =>
  ({ genres }: DrawnRow): boolean =>
    CLASSES.filter((one) => genres.includes(one)).join() === name;

async function copyInto(folder: string, files: readonly string[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const file of files) await copyFile(file, path.join(folder, path.basename(file)));
}
