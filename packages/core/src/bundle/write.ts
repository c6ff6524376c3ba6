import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { KindredError } from '../errors/kindred-error.js';
import { carryGallery } from '../gallery/file.js';

import { LOCK_FILE, type Lock } from './format.js';

/** The files of a bundle but for its lock, by their paths inside of it. */
export type BundleFiles = Readonly<Record<string, Uint8Array | string>>;

/**
 * Makes sure that a bundle can be written to `folder` later: a new or empty folder, or a bundle that is replaced.
 * @throws KINDRED_BUNDLE_EXISTS, KINDRED_BUNDLE_UNWRITABLE
 */
export async function checkTarget(folder: string): Promise<void> {
  const entries = await readdir(folder).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [] as string[];
    if (error.code === 'ENOTDIR' && (await exists(folder))) throw notABundle(folder, 'a file');
    throw unwritable(folder, error);
  });
  if (entries.length > 0 && !entries.includes(LOCK_FILE)) throw notABundle(folder, 'other files');
  // Nothing is made yet: a run that fails leaves no empty folders behind.
  let parent = path.dirname(folder);
  while (!(await exists(parent)) && path.dirname(parent) !== parent) parent = path.dirname(parent);
  await access(parent, constants.W_OK).catch((cause: unknown) => {
    throw unwritable(folder, cause);
  });
}

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );

/**
 * Writes a bundle beside its place and renames it there, so that it is there as a whole or not at all. A bundle that was there
 * is replaced; its gallery stays.
 * @throws KINDRED_BUNDLE_UNWRITABLE
 */
export async function writeBundle(folder: string, lock: Omit<Lock, 'files'>, files: BundleFiles): Promise<void> {
  const unique = randomUUID().slice(0, 8);
  const temporary = `${folder}.${unique}.new`;
  const previous = `${folder}.${unique}.old`;
  try {
    for (const [name, content] of Object.entries(files)) {
      const file = path.join(temporary, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, content);
    }
    await writeFile(path.join(temporary, LOCK_FILE), jsonText({ ...lock, files: hashed(files) }));
    const replaced = await rename(folder, previous).then(
      () => true,
      () => false,
    );
    try {
      if (replaced) await carryGallery(previous, temporary);
      await rename(temporary, folder);
    } catch (error) {
      if (replaced) await rename(previous, folder);
      throw error;
    }
    // Only now: whatever fails before, the bundle that was there is not lost.
    await rm(previous, { recursive: true, force: true });
  } catch (cause) {
    throw unwritable(folder, cause);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** JSON as it is written to bundles: stable and readable. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function hashed(files: BundleFiles): Lock['files'] {
  const entries = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    entries.map(([name, content]) => {
      const bytes = Buffer.byteLength(content);
      return [name, { bytes, sha256: createHash('sha256').update(content).digest('hex') }];
    }),
  );
}

function notABundle(folder: string, found: string): KindredError {
  return new KindredError('KINDRED_BUNDLE_EXISTS', {
    message: `A bundle must go to a new folder or replace a bundle. ${folder} holds ${found}.`,
    path: folder,
    hint: 'Name another folder with --out, or remove this one yourself.',
  });
}

function unwritable(folder: string, cause: unknown): KindredError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new KindredError('KINDRED_BUNDLE_UNWRITABLE', {
    message: `The folder for the bundle must be writable. Writing ${folder} failed: ${reason}`,
    path: folder,
    hint: 'Free some space or name another folder with --out.',
    cause,
  });
}
