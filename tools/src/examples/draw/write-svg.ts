import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import sharp from 'sharp';

/** Writes `svg` as a JPEG, in grey where `grey` is set, and makes its folder where there is none. */
export async function writeSvg(file: string, svg: string, { grey = false } = {}): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const drawing = sharp(Buffer.from(svg)).jpeg({ quality: 88 });
  await writeFile(file, await (grey ? drawing.greyscale() : drawing).toBuffer());
}

/** A whole drawing of `size` by `size` units. */
export const sheet = (width: number, height: number, background: string, body: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="${width}" height="${height}" fill="${background}"/>${body}</svg>`;
