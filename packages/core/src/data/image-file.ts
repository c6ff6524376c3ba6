import { readFile, stat } from 'node:fs/promises';

import { KindredError, isKindredError } from '../errors/kindred-error.js';

/** Encoded images are held in memory as a whole: a file beyond this is no photograph. */
const MAX_BYTES = 512 * 1024 * 1024;

/**
 * Reads an encoded image.
 * @throws KINDRED_IMAGE_UNREADABLE if there is no such file or it may not be read; KINDRED_IMAGE_TOO_LARGE
 */
export async function readImageFile(location: string): Promise<Uint8Array> {
  try {
    const info = await stat(location);
    // A pipe or a device would be waited for without end.
    if (!info.isFile()) {
      throw new KindredError('KINDRED_IMAGE_UNREADABLE', {
        message: `An image must be a file. ${location} is ${info.isDirectory() ? 'a folder' : 'a device or a pipe'}.`,
        path: location,
      });
    }
    if (info.size > MAX_BYTES) {
      throw new KindredError('KINDRED_IMAGE_TOO_LARGE', {
        message: `An image file must have at most ${MAX_BYTES} bytes. ${location} has ${info.size}.`,
        path: location,
        received: info.size,
      });
    }
    return await readFile(location);
  } catch (error) {
    throw asUnreadable(error, location);
  }
}

/** Turns whatever a `Sample.read` rejected with into an error that names the image; Kindred's own errors pass. */
export function asUnreadable(error: unknown, location: string): KindredError {
  if (isKindredError(error)) return error;
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const reason = REASONS[code ?? ''] ?? (error instanceof Error ? error.message : String(error));
  return new KindredError('KINDRED_IMAGE_UNREADABLE', {
    message: `An image file must exist and be readable. Reading ${location} failed: ${reason}.`,
    path: location,
    hint: code === 'ENOENT' ? 'Check the names in the data against the files on disk; case matters.' : undefined,
    cause: error,
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is not a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EMFILE: 'too many files are open',
};
