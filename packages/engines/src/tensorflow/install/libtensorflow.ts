import { existsSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';

import type { Progress } from '@kindred/core';

import { installError, WHEEL_HINT } from './errors.js';
import { unpackWheel } from './wheel.js';

/** The two libraries of a TensorFlow, as its Python wheels name them. */
export const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'] as const;

/** A header that shows that the folder of headers is one. */
const HEADER = 'include/tensorflow/c/c_api.h';

export interface Libtensorflow {
  /** Holds the libraries. */
  readonly libraries: string;
  /** Holds `tensorflow/c/c_api.h`. */
  readonly include: string;
  /** Whether the libraries stay where they are: outside of the installation. */
  readonly inPlace: boolean;
}

/**
 * The libraries and headers of `from`. A wheel is unpacked: libraries to `lib`, headers to `scratch`. A folder (an unpacked wheel, or
 * `site-packages/tensorflow`) is used where it is: its libraries find those of CUDA by their place.
 * @throws KINDRED_ENGINE_INSTALL if parts are missing or a wheel is damaged
 */
export async function openLibtensorflow(
  from: string,
  folders: { readonly lib: string; readonly scratch: string },
  ctx: { readonly progress: Progress; readonly signal: AbortSignal },
): Promise<Libtensorflow> {
  const info = await stat(from).catch((cause: unknown) => {
    throw installError(`the TensorFlow to take it from must exist. ${from} cannot be read`, {
      path: from,
      hint: WHEEL_HINT,
      cause,
    });
  });
  if (info.isDirectory()) return openFolder(from);
  await mkdir(folders.lib, { recursive: true });
  await unpackWheel(from, { libraries: LIBRARIES, ...folders }, ctx);
  return checked(from, { libraries: folders.lib, include: path.join(folders.scratch, 'include'), inPlace: false });
}

function openFolder(from: string): Libtensorflow {
  const root = path.resolve(from);
  const inside = path.join(root, 'tensorflow');
  const folder = existsSync(path.join(inside, LIBRARIES[0])) ? inside : root;
  return checked(from, { libraries: folder, include: path.join(folder, 'include'), inPlace: true });
}

function checked(from: string, found: Libtensorflow): Libtensorflow {
  const missing = [
    ...LIBRARIES.filter((name) => !existsSync(path.join(found.libraries, name))),
    ...(existsSync(path.join(path.dirname(found.include), HEADER)) ? [] : [HEADER]),
  ];
  if (missing.length === 0) return found;
  throw installError(`${from} must hold libtensorflow and its headers. It lacks ${missing.join(', ')}`, {
    path: from,
    hint: WHEEL_HINT,
  });
}
