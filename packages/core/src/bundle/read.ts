import { createHash } from 'node:crypto';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';

import type { z } from 'zod';

import { KindredError } from '../errors/kindred-error.js';
import { GALLERY_FILE } from '../gallery/gallery.js';
import type { PipelineState } from '../pipeline/state.js';
import { decodeSafetensors } from '../tensor/safetensors.js';

import {
  BUNDLE_FORMAT,
  LOCK_FILE,
  lockSchema,
  MANIFEST_FILE,
  STATE_FILE,
  STATE_TENSORS,
  stateSchema,
  type Lock,
} from './format.js';
import { decodeState } from './state-codec.js';

/** A bundle's contents, checked against its lock. Nothing of it was run. */
export interface Bundle {
  readonly folder: string;
  readonly lock: Lock;
  /** The text of the filled manifest. */
  readonly manifest: string;
  /** Absolute: where relative paths of the manifest start. */
  readonly baseDir: string;
  readonly state: PipelineState;
}

/** A lock lists a handful of files. */
const MAX_LOCK_BYTES = 4 * 1024 * 1024;

/**
 * Reads a bundle. Sizes are compared before anything but the lock is read, hashes before anything is used.
 * @throws KINDRED_BUNDLE_NOT_FOUND, KINDRED_BUNDLE_INVALID
 */
export async function readBundle(folder: string): Promise<Bundle> {
  const lockPath = path.join(folder, LOCK_FILE);
  const size = await stat(lockPath).then(
    (info) => (info.isFile() ? info.size : Infinity),
    (cause: unknown) => {
      throw new KindredError('KINDRED_BUNDLE_NOT_FOUND', {
        message: `A bundle must be a folder that a training run wrote. ${folder} has no ${LOCK_FILE}.`,
        path: folder,
        hint: 'Train one with: kindred train MANIFEST',
        cause,
      });
    },
  );
  if (size > MAX_LOCK_BYTES)
    throw invalid(folder, `its ${LOCK_FILE} must be a file of at most ${MAX_LOCK_BYTES} bytes`);
  const lockJson = parseJson(await readFile(lockPath, 'utf8'), folder, LOCK_FILE);
  const { format } = (lockJson ?? {}) as { format?: unknown };
  if (typeof format === 'number' && format > BUNDLE_FORMAT) {
    throw new KindredError('KINDRED_BUNDLE_INVALID', {
      message: `A bundle must be of format ${BUNDLE_FORMAT}. ${folder} is of format ${format}.`,
      path: folder,
      received: format,
      hint: 'Upgrade Kindred: a newer one wrote this bundle.',
    });
  }
  const lock = checked(lockSchema, lockJson, folder, LOCK_FILE);
  for (const name of Object.keys(lock.files)) await checkSize(folder, name, lock);
  await refuseOthers(folder, lock);

  const manifest = (await readChecked(folder, MANIFEST_FILE, lock)).toString('utf8');
  const stateJson = parseJson((await readChecked(folder, STATE_FILE, lock)).toString('utf8'), folder, STATE_FILE);
  const tensors = decodeSafetensors(await readChecked(folder, STATE_TENSORS, lock), path.join(folder, STATE_TENSORS));
  const state = decodeState(checked(stateSchema, stateJson, folder, STATE_FILE), tensors.arrays);
  const baseDir = path.resolve(folder, lock.baseDir);
  await refusePlugins(folder, baseDir, parseJson(manifest, folder, MANIFEST_FILE));
  return { folder, lock, manifest, baseDir, state };
}

/** Code that a manifest names must not come out of the bundle itself: a bundle from anywhere may be opened. */
async function refusePlugins(folder: string, baseDir: string, manifest: unknown): Promise<void> {
  const inner = await realPath(folder);
  const isInside = async (target: string) => `${await realPath(target)}${path.sep}`.startsWith(`${inner}${path.sep}`);
  if (await isInside(baseDir)) throw invalid(folder, 'its plugins would be looked for inside of it');
  const { plugins } = (manifest ?? {}) as { plugins?: unknown };
  for (const plugin of Array.isArray(plugins) ? plugins : []) {
    const inside = await isInside(path.resolve(baseDir, String(plugin)));
    if (inside) throw invalid(folder, `its plugin ${String(plugin)} lies inside of it`);
  }
}

/** Without links, and in the spelling of the disk; a file's extension may be left out of `target`. */
async function realPath(target: string): Promise<string> {
  const folder = path.dirname(target);
  return realpath(target).catch(async () =>
    path.join(await realpath(folder).catch(() => folder), path.basename(target)),
  );
}

/** Hidden files are left by file managers and copying tools; nothing reads them. A gallery is checked by whoever does. */
async function refuseOthers(folder: string, { files }: Lock): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const name = path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/');
    const known = name === LOCK_FILE || name === GALLERY_FILE || Object.hasOwn(files, name);
    const listed = known || /(^|\/)\./.test(name);
    if (!listed && !entry.isDirectory()) throw invalid(folder, `${name} is not listed in its ${LOCK_FILE}`);
  }
}

async function checkSize(folder: string, name: string, { files }: Lock): Promise<void> {
  const info = await stat(path.join(folder, name)).catch(() => undefined);
  if (!info?.isFile()) throw invalid(folder, `${name} is missing`);
  if (info.size !== files[name]?.bytes) {
    throw invalid(folder, `${name} has ${info.size} bytes instead of ${files[name]?.bytes}`);
  }
}

async function readChecked(folder: string, name: string, { files }: Lock): Promise<Buffer> {
  const entry = files[name];
  if (!entry) throw invalid(folder, `its ${LOCK_FILE} does not list ${name}`);
  const bytes = await readFile(path.join(folder, name));
  if (createHash('sha256').update(bytes).digest('hex') !== entry.sha256) throw invalid(folder, `${name} was altered`);
  return bytes;
}

function parseJson(text: string, folder: string, name: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw invalid(folder, `${name} is not JSON`);
  }
}

function checked<S extends z.ZodType>(schema: S, value: unknown, folder: string, name: string): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(folder, `${name} is not as it should be: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
}

function invalid(folder: string, what: string): KindredError {
  return new KindredError('KINDRED_BUNDLE_INVALID', {
    message: `A bundle must be whole and unaltered. ${folder}: ${what}.`,
    path: folder,
    hint: 'Copy it again, or train it again from its manifest.',
  });
}
