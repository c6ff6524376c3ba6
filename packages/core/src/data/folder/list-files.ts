import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';

import { byCodePoint } from '../by-code-point.js';
import { throwIfAborted } from '../throw-if-aborted.js';

export interface Listing {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** Names in `folder`, sorted by code point; hidden ones are left out, links are followed, dangling ones are files. */
export async function listFolder(folder: string): Promise<Listing> {
  const files: string[] = [];
  const folders: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue;
    const info = entry.isSymbolicLink() ? await stat(path.join(folder, entry.name)).catch(() => undefined) : entry;
    (info?.isDirectory() === true ? folders : files).push(entry.name);
  }
  return { files: files.sort(byCodePoint), folders: folders.sort(byCodePoint) };
}

/** Relative paths, `/` between names, of all files in `folder` and below; a link back to a folder above is not followed. */
export async function listFilesDeep(folder: string, signal: AbortSignal): Promise<string[]> {
  const walk = async (relative: string, above: readonly string[]): Promise<string[]> => {
    throwIfAborted(signal);
    const here = path.join(folder, relative);
    const real = await realpath(here);
    if (above.includes(real)) return [];
    const { files, folders } = await listFolder(here);
    const found = files.map((name) => relative + name);
    for (const name of folders) found.push(...(await walk(`${relative}${name}/`, [...above, real])));
    return found;
  };
  return (await walk('', [])).sort(byCodePoint);
}
