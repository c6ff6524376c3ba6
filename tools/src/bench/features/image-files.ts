import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The first `limit` JPEG, PNG and WebP files below `folder`, by name, read once so that no contestant waits for the disk. */
export async function listImages(folder: string, limit = Infinity): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const paths = names
    .filter((name) => /\.(jpe?g|png|webp)$/i.test(name))
    .sort()
    .slice(0, limit)
    .map((name) => join(folder, name));
  for (const path of paths) await readFile(path);
  return paths;
}
