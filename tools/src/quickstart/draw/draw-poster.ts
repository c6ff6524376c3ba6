import type { Random } from '@kindred/core';
import sharp from 'sharp';

import { compose } from './compose.js';
import type { Genre } from './genres.js';

export interface DrawnPoster {
  readonly title: string;
  /** The encoded picture, about 300 by 445 pixels. */
  readonly jpeg: Uint8Array;
}

/** Draws one poster of `genres`. The same genres, random state and sharp version give the same bytes. */
export async function drawPoster(genres: readonly Genre[], random: Random): Promise<DrawnPoster> {
  const { title, svg } = compose(genres, random);
  return { title, jpeg: await sharp(Buffer.from(svg)).flatten().jpeg({ quality: 88 }).toBuffer() };
}
