import { readdir } from 'node:fs/promises';
import path from 'node:path';

import { KindredError } from '../errors/kindred-error.js';
import { nearest } from '../plugin/nearest.js';

import { byCodePoint } from './by-code-point.js';

const SHOWN = 8;

/**
 * The error for a data file or folder that is not there, with what lies nearby: the contents of the deepest folder of
 * its path that does exist.
 */
export async function dataNotFound(what: string, target: string, received: string): Promise<KindredError> {
  const near = await neighbours(target);
  return new KindredError('KINDRED_DATA_NOT_FOUND', {
    message: `${what} must exist. There is none at ${target}.`,
    path: target,
    received,
    hint: near ?? 'Relative paths start at the folder of the manifest.',
  });
}

async function neighbours(target: string): Promise<string | undefined> {
  for (let missing = target, folder = path.dirname(target); ; missing = folder, folder = path.dirname(folder)) {
    const entries = await readdir(folder).catch(() => undefined);
    if (entries !== undefined) return describe(folder, path.basename(missing), entries);
    if (path.dirname(folder) === folder) return undefined;
  }
}

function describe(folder: string, missing: string, entries: readonly string[]): string {
  const visible = entries.filter((name) => !name.startsWith('.')).sort(byCodePoint);
  const near = nearest(missing, visible);
  if (near !== undefined) return `Did you mean ${path.join(folder, near)}?`;
  if (visible.length === 0) return `The folder ${folder} is empty.`;
  return `The folder ${folder} holds ${visible.slice(0, SHOWN).join(', ')}${visible.length > SHOWN ? ', ...' : ''}.`;
}
