import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

import { KindredError } from '@kindred/core';

/** What the decoder reads. */
const IMAGE = /\.(?:jpe?g|png|webp|avif|gif|tiff?)$/i;

/**
 * The images under a folder, found by extension, in the order of their names, folder by folder, so that the first are there before the last is
 * found. What begins with a dot is left out; links to folders are not followed.
 * @throws KINDRED_USAGE if a folder cannot be read.
 */
export async function* imagesUnder(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new KindredError('KINDRED_USAGE', {
      message: `A folder to predict must be readable. Got ${folder}.`,
      received: folder,
      hint: 'Change its permissions, or name the files in it.',
      cause,
    });
  });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const target = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* imagesUnder(target);
    else if (IMAGE.test(entry.name) && (entry.isFile() || (entry.isSymbolicLink() && (await isFile(target)))))
      yield target;
  }
}

async function isFile(target: string): Promise<boolean> {
  return (await stat(target).catch(() => undefined))?.isFile() ?? false;
}
