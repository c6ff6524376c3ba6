import sharp from 'sharp';

import { createRandom } from '@kindred/core';

import { drawPoster } from '../quickstart/draw/draw-poster.js';
import { drawGenres } from '../quickstart/draw/genres.js';

const TILE = { width: 132, height: 190, gap: 16, caption: 40 };
const COUNT = 6;

/** An SVG of a few drawn posters with the genres that they were drawn from. */
export async function contactSheet(seed: number): Promise<string> {
  const tiles: string[] = [];
  for (let i = 0; i < COUNT; i++) {
    const random = createRandom(seed).fork(String(i));
    const genres = drawGenres(random);
    const { jpeg } = await drawPoster(genres, random);
    // Twice the size it is shown at, for sharp screens.
    const resized = await sharp(jpeg)
      .resize(2 * TILE.width, 2 * TILE.height)
      .jpeg({ quality: 72 })
      .toBuffer();
    const x = TILE.gap + i * (TILE.width + TILE.gap);
    tiles.push(
      `<image x="${x}" y="${TILE.gap}" width="${TILE.width}" height="${TILE.height}" href="data:image/jpeg;base64,${resized.toString('base64')}"/>`,
      `<text x="${x + TILE.width / 2}" y="${TILE.gap + TILE.height + 22}">${genres.join(', ')}</text>`,
    );
  }
  const width = TILE.gap + COUNT * (TILE.width + TILE.gap);
  const height = TILE.gap + TILE.height + TILE.caption;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    '<style>text { font: 12px sans-serif; text-anchor: middle; fill: #333 }</style>',
    `<rect width="${width}" height="${height}" fill="#f4f2ee"/>`,
    ...tiles,
    '</svg>',
    '',
  ].join('\n');
}
