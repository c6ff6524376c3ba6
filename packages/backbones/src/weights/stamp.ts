import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

/*
 * A package's folder is stamped once, right after its tarball's hash was checked. Later starts trust the stamp: they compare the
 * hash it was made for with the one in the code, and that every file is there with its size. What the files hold is not
 * read again for that (a second of every start), so the stamp guards against interrupted or cleaned-up caches and new
 * releases, not against someone who edits weights in the cache.
 */

const FILE = '.kindred-stamp.json';
const stampSchema = z.object({ integrity: z.string(), files: z.record(z.string(), z.number()) });

/** Stamps `folder` as the unpacked package of hash `integrity`. */
export async function writeStamp(folder: string, integrity: string): Promise<void> {
  const files: Record<string, number> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) files[path.slice(folder.length + 1)] = (await stat(path)).size;
  }
  await writeFile(join(folder, FILE), JSON.stringify({ integrity, files }));
}

/** True if `folder` was stamped for `integrity` and still has all its files in their sizes. */
export async function isStamped(folder: string, integrity: string): Promise<boolean> {
  try {
    const stamp = stampSchema.parse(JSON.parse(await readFile(join(folder, FILE), 'utf8')));
    if (stamp.integrity !== integrity) return false;
    const sizes = await Promise.all(
      Object.entries(stamp.files).map(async ([path, size]) => (await stat(join(folder, path))).size === size),
    );
    return sizes.every(Boolean);
  } catch {
    return false; // no stamp, not JSON, or a file is gone: all the same, the folder is made anew
  }
}
