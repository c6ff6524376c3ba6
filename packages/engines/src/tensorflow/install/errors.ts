import { KindredError } from '@kindred/core';

interface Details {
  readonly hint: string;
  readonly path?: string;
  readonly cause?: unknown;
}

/** Why the engine could not be installed: `must`, what was found, and what to do. */
export function installError(problem: string, details: Details): KindredError {
  return new KindredError('KINDRED_ENGINE_INSTALL', {
    message: `To install the engine tensorflow, ${problem.replace(/\.$/, '')}.`,
    ...details,
  });
}

/** Where a TensorFlow comes from, for hints. */
export const WHEEL_HINT =
  'Get a wheel with "pip download tensorflow-cpu==2.21.0 --no-deps" (for a GPU: install "tensorflow[and-cuda]" with pip and give its folder site-packages/tensorflow), and name it with --from.';

const UNWRITABLE = new Set(['EACCES', 'EDQUOT', 'ENOSPC', 'ENOTDIR', 'EPERM', 'EROFS']);

/** The error for a folder that cannot be written, if that is what `error` is about; else `error` itself. */
export function asCacheError(error: unknown, folder: string): unknown {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (!UNWRITABLE.has(code)) return error;
  return new KindredError('KINDRED_CACHE_UNWRITABLE', {
    message: `The cache folder must be writable to install an engine. Writing to ${folder} failed: ${message}.`,
    path: folder,
    hint: 'Set KINDRED_CACHE to a folder that can be written and has about 1 GB of room.',
    cause: error,
  });
}
