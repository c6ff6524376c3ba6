import { open, realpath } from 'node:fs/promises';
import path from 'node:path';

import type { CheckedModel } from './check-model.js';
import { LIMITS } from './limits.js';
import { Flaw } from './model-error.js';
import type { FileTensor } from './onnx-file.js';

/** A file beside the model with the values of its tensors, by the name that the model has for it. */
export interface DataFile {
  readonly path: string;
  readonly data: Uint8Array<ArrayBuffer>;
}

const FORM = 'keep the values of its tensors in files of its own folder';
const KEYS = new Set(['location', 'offset', 'length', 'checksum']);

/**
 * Reads the files in which a model keeps tensors. They must lie in the model's folder: nothing else is opened, whatever the model
 * says, through links or otherwise. Without a folder (the model came as bytes) there can be none.
 * @throws Flaw
 */
export async function readExternalData(
  folder: string | undefined,
  external: CheckedModel['external'],
): Promise<DataFile[]> {
  const files = new Map<string, DataFile>();
  let total = 0;
  for (const { tensor, bytes } of external) {
    const { location, offset, length } = placeOf(tensor, bytes);
    if (folder === undefined)
      throw new Flaw(
        'hold its tensors itself when it is given as bytes',
        `"${tensor.name}" lies in ${location}`,
        'Give the path of the model.',
      );
    let file = files.get(location);
    if (!file) {
      file = { path: location, data: await readInside(folder, location, LIMITS.totalBytes - total) };
      files.set(location, file);
      total += file.data.length;
    }
    if (offset + length > file.data.length) {
      throw new Flaw(
        'find its tensors in their files',
        `"${tensor.name}" ends at byte ${offset + length} of ${location}, which has ${file.data.length}`,
      );
    }
  }
  return [...files.values()];
}

function placeOf({ name, external }: FileTensor, bytes: number): { location: string; offset: number; length: number } {
  const unknown = [...(external?.keys() ?? [])].find((key) => !KEYS.has(key));
  if (unknown !== undefined) throw new Flaw(FORM, `the tensor "${name}" has the unknown property "${unknown}"`);
  const location = external?.get('location') ?? '';
  const [offset, length] = [whole(external?.get('offset') ?? '0'), whole(external?.get('length') ?? String(bytes))];
  if (offset === undefined || length === undefined)
    throw new Flaw(FORM, `the tensor "${name}" has no numbers for its place`);
  if (length !== bytes)
    throw new Flaw('hold as many bytes for a tensor as its shape needs', `"${name}" needs ${bytes} and has ${length}`);
  const parts = location.split('/');
  // Names that mean something else on one system or another are refused on all of them.
  if (parts.some((part) => part === '' || part === '..' || part === '.') || /[\\:\0]/.test(location)) {
    throw new Flaw(FORM, `the tensor "${name}" is said to lie in ${JSON.stringify(location)}`);
  }
  return { location, offset, length };
}

const whole = (text: string): number | undefined =>
  /^\d{1,15}$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined;

async function readInside(folder: string, location: string, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const inner = await realpath(folder);
  const target = await realpath(path.join(inner, location)).catch(() => undefined);
  if (target === undefined) throw new Flaw(FORM, `there is no file ${location}`, 'Copy it beside the model.');
  if (!target.startsWith(inner + path.sep)) throw new Flaw(FORM, `${location} is a link that leads out of it`);
  return readWhole(target, limit, location);
}

/** A regular file of at most `limit` bytes. @throws Flaw */
export async function readWhole(target: string, limit: number, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const handle = await open(target).catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === 'ENOENT' ? 'there is no such file' : cause.message;
    throw new Flaw('be a file that can be read', `${name} cannot be read, since ${reason}`, 'Check its path.');
  });
  try {
    const info = await handle.stat();
    if (!info.isFile()) throw new Flaw('be a file that can be read', `${name} is a folder, a device or a pipe`);
    if (info.size > limit) throw new Flaw(`have at most ${limit} bytes`, `${name} has ${info.size}`);
    const bytes = new Uint8Array(info.size);
    for (let done = 0; done < bytes.length;) {
      const { bytesRead } = await handle.read(bytes, done, bytes.length - done, done);
      if (bytesRead === 0) throw new Flaw('be a file that can be read', `${name} became shorter while it was read`);
      done += bytesRead;
    }
    return bytes;
  } finally {
    await handle.close();
  }
}
