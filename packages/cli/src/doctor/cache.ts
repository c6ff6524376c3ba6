import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { formatBytes } from '../terminal/numbers.js';

import { messageOf, type Finding } from './finding.js';

/** Whether the cache folder can be written, and how much lies in it. */
export async function checkCache(cacheDir: string): Promise<Finding> {
  const name = 'cache';
  const probe = path.join(cacheDir, `.doctor-${randomUUID()}`);
  try {
    await mkdir(cacheDir, { recursive: true });
    await writeFile(probe, 'probe');
    await rm(probe);
    return { name, status: 'ok', detail: `${cacheDir}, ${formatBytes(await sizeUnder(cacheDir))}` };
  } catch (error) {
    const fix = 'export KINDRED_CACHE=<a folder that can be written and has room>';
    return { name, status: 'fail', detail: `${cacheDir} cannot be written: ${messageOf(error)}`, fix };
  } finally {
    await rm(probe, { force: true }).catch(() => undefined);
  }
}

/** Bytes of all files under a folder; what vanishes meanwhile counts nothing. */
export async function sizeUnder(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  let bytes = 0;
  for (const entry of entries) {
    const target = path.join(folder, entry.name);
    if (entry.isDirectory()) bytes += await sizeUnder(target);
    else if (entry.isFile())
      bytes += await stat(target).then(
        ({ size }) => size,
        () => 0,
      );
  }
  return bytes;
}
