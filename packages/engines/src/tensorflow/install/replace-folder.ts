import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * Fills a new folder beside `folder` and puts it in its place. If that fails, or the process dies meanwhile, `folder` is as it was;
 * what a dead process left is removed by the next.
 */
export async function replaceFolder(folder: string, fill: (staging: string) => Promise<void>): Promise<void> {
  const parent = path.dirname(folder);
  const prefix = `.${path.basename(folder)}-`;
  await mkdir(parent, { recursive: true });
  await removeLeftovers(parent, prefix);
  const staging = path.join(parent, `${prefix}${process.pid}-${randomBytes(4).toString('hex')}`);
  const old = `${staging}-old`;
  try {
    await mkdir(staging);
    await fill(staging);
    await rename(folder, old).catch(ignoreMissing);
    await rename(staging, folder);
  } finally {
    await rm(staging, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
}

async function removeLeftovers(parent: string, prefix: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : NaN;
    if (pid > 0 && !isAlive(pid)) await rm(path.join(parent, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
