import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

import { KindredError } from '../errors/kindred-error.js';

/** Changes take well under a second: whoever holds a lock for longer has stopped. */
const PATIENCE_MS = 20_000;
const PAUSE_MS = 50;

/**
 * Runs `action` while no other process does the same under this lock: a file with the number of the process that holds it. One that was
 * left by a process which is gone is taken over.
 * @throws KINDRED_BUNDLE_UNWRITABLE if it cannot be had
 */
export async function withLock<T>(file: string, signal: AbortSignal, action: () => Promise<T>): Promise<T> {
  const until = Date.now() + PATIENCE_MS;
  while (!(await take(file))) {
    const holder = await readFile(file, 'utf8').catch(() => '');
    if (holder !== '' && !isAlive(Number(holder))) {
      // Another may have taken it over meanwhile: only what was read is removed.
      if ((await readFile(file, 'utf8').catch(() => '')) === holder) await rm(file, { force: true });
      continue;
    }
    if (Date.now() > until) throw held(file, holder);
    await wait(PAUSE_MS, undefined, { signal });
  }
  try {
    return await action();
  } finally {
    await rm(file, { force: true });
  }
}

async function take(file: string): Promise<boolean> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new KindredError('KINDRED_BUNDLE_UNWRITABLE', {
      message: `The folder of a bundle must be writable to change its gallery. Writing ${file} failed: ${cause instanceof Error ? cause.message : String(cause)}`,
      path: file,
      cause,
    });
  }
}

function isAlive(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    // It is there, and somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function held(file: string, holder: string): KindredError {
  return new KindredError('KINDRED_BUNDLE_UNWRITABLE', {
    message: `A gallery must be changed by one process at a time. The process ${holder || 'of another'} holds ${file} since long.`,
    path: file,
    hint: 'Wait for it to end; if none is at work, remove that file.',
  });
}
