import { randomUUID } from 'node:crypto';
import { copyFile, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { KindredError } from '../errors/kindred-error.js';

import { decodeGallery, encodeGallery, invalid } from './codec.js';
import { GALLERY_FILE, MAX_GALLERY_BYTES, type Gallery } from './gallery.js';
import { withLock } from './lock.js';

/** Hidden files are passed over by whoever reads the bundle. */
const LOCK = '.gallery.lock';

/**
 * The gallery in a bundle's folder; undefined if there is none.
 * @throws KINDRED_GALLERY_INVALID
 */
export async function readGallery(folder: string): Promise<Gallery | undefined> {
  const file = path.join(folder, GALLERY_FILE);
  const info = await stat(file).catch(() => undefined);
  if (!info) return undefined;
  if (!info.isFile()) throw invalid(file, 'it must be a file');
  if (info.size > MAX_GALLERY_BYTES) {
    throw invalid(file, `it must have at most ${MAX_GALLERY_BYTES} bytes. It has ${info.size}`);
  }
  return decodeGallery(await readFile(file), file);
}

/**
 * Reads the gallery of a bundle, and writes what `change` makes of it, as a whole or not at all; nobody else changes it meanwhile.
 * @throws KINDRED_GALLERY_INVALID; KINDRED_BUNDLE_UNWRITABLE; what `change` throws, and then nothing has changed
 */
export function changeGallery<T extends { readonly gallery: Gallery | undefined }>(
  folder: string,
  signal: AbortSignal,
  change: (gallery: Gallery | undefined) => T,
): Promise<T> {
  return withLock(path.join(folder, LOCK), signal, async () => {
    const before = await readGallery(folder);
    const result = change(before);
    const { gallery } = result;
    if (gallery) await replace(folder, encodeGallery(gallery));
    else await rm(path.join(folder, GALLERY_FILE), { force: true });
    return result;
  });
}

async function replace(folder: string, bytes: Uint8Array): Promise<void> {
  const file = path.join(folder, GALLERY_FILE);
  if (bytes.length > MAX_GALLERY_BYTES) {
    throw new KindredError('KINDRED_GALLERY_INVALID', {
      message: `A gallery must have at most ${MAX_GALLERY_BYTES} bytes. With these images ${file} would have ${bytes.length}.`,
      path: file,
      received: bytes.length,
      hint: 'A few images of each name are enough: remove some.',
    });
  }
  const temporary = path.join(folder, `.gallery.${randomUUID().slice(0, 8)}.new`);
  try {
    await writeFile(temporary, bytes, { flush: true });
    await rename(temporary, file);
  } catch (cause) {
    throw new KindredError('KINDRED_BUNDLE_UNWRITABLE', {
      message: `The folder of a bundle must be writable to change its gallery. Writing ${file} failed: ${cause instanceof Error ? cause.message : String(cause)}`,
      path: file,
      hint: 'Free some space, or make the folder writable.',
      cause,
    });
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Takes the gallery of a bundle along to the one that replaces it. */
export async function carryGallery(from: string, to: string): Promise<void> {
  await copyFile(path.join(from, GALLERY_FILE), path.join(to, GALLERY_FILE)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
  });
}
