import { access } from 'node:fs/promises';
import path from 'node:path';

import { drawPosters, drawUnseenPosters } from './draw/draw-posters.js';
import { SEED, UNSEEN, type PosterSet } from './poster-set.js';

/** Draws the set into `folder`. One that lies there whole is used again: the same count and seed give the same bytes. */
export async function drawnSet(folder: string, count: number, onDraw: () => void): Promise<PosterSet> {
  const posters = path.resolve(folder, `posters-${count}`);
  const csv = path.join(posters, 'train.csv');
  // The CSV file is written last: if it is there, so is the rest.
  const whole = await access(csv).then(
    () => true,
    () => false,
  );
  if (!whole) {
    onDraw();
    await drawPosters(posters, { count, seed: SEED });
  }
  const newPosters = path.resolve(folder, 'new-posters');
  const unseen = await drawUnseenPosters(newPosters, { count: UNSEEN, seed: SEED });
  return {
    csv,
    image: 'Images/{Id}.jpg',
    count,
    unseen: unseen.map(({ id, genres }) => ({ file: path.join(newPosters, `${id}.jpg`), genres })),
  };
}
