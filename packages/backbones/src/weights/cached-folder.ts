import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { isKindredError } from '@kindred/core';

import { cacheUnwritable, isUnwritable, reasonOf } from './errors.js';

export interface CachedFolder {
  /** The folder of all cached folders of a kind. */
  readonly parent: string;
  readonly name: string;
  /** Whether the folder is there and complete. Must not throw. */
  readonly isWhole: (folder: string) => Promise<boolean>;
  /** Makes the content in an empty folder. */
  readonly fill: (folder: string) => Promise<void>;
}

/**
 * The path of a folder that is either whole or not there: it is filled under another name and renamed. Two processes may
 * do this at once: each fills its own, the first rename wins, the other's copy is dropped. If it is whole, nothing is
 * written, so a cache may be read-only from then on.
 * @throws KINDRED_CACHE_UNWRITABLE, and whatever `fill` throws
 */
export async function cachedFolder({ parent, name, isWhole, fill }: CachedFolder): Promise<string> {
  const folder = join(parent, name);
  if (await isWhole(folder)) return folder;

  const temporary = join(parent, temporaryName());
  try {
    await mkdir(temporary, { recursive: true });
    await removeLeftovers(parent);
    await fill(temporary);
    await moveInto(folder, temporary, isWhole);
    return folder;
  } catch (error) {
    if (!isKindredError(error) && isUnwritable(error)) throw cacheUnwritable(parent, error);
    throw error;
  } finally {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function moveInto(folder: string, temporary: string, isWhole: CachedFolder['isWhole']): Promise<void> {
  // Each round either ends or takes one broken folder out of the way; a rival may put another one there only so often.
  for (let attempt = 0; ; attempt++) {
    try {
      await rename(temporary, folder);
      return;
    } catch (error) {
      const taken = ['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(reasonOf(error).code);
      if (!taken || attempt === 3) throw error;
    }
    if (await isWhole(folder)) return;
    const broken = `${temporary}-broken`;
    await rename(folder, broken).catch(() => undefined);
    await rm(broken, { recursive: true, force: true });
  }
}

const PREFIX = '.partial';
const DAY = 24 * 60 * 60 * 1000;

/** Says who is filling it, so that others can tell whether it still is. */
function temporaryName(): string {
  return [PREFIX, process.pid, hostname(), randomBytes(4).toString('hex')].join('~');
}

/** Removes what runs that died left behind: their process is gone, or, where that cannot be known, they are a day old. */
async function removeLeftovers(parent: string): Promise<void> {
  const names = (await readdir(parent)).filter((name) => name.startsWith(`${PREFIX}~`));
  await Promise.all(
    names.map(async (name) => {
      const path = join(parent, name);
      const [, pid, host] = name.split('~');
      const dead = host === hostname() && !isAlive(Number(pid));
      const old = await stat(path).then(
        ({ mtimeMs }) => Date.now() - mtimeMs > DAY,
        () => false,
      );
      if (dead || old) await rm(path, { recursive: true, force: true });
    }),
  );
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return reasonOf(error).code === 'EPERM';
  }
}
