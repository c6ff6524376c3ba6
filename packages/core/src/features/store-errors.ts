import { constants } from 'node:os';

import { KindredError } from '../errors/kindred-error.js';

/** EIO is what LMDB makes of a write that stopped half-way: no room, by the disk, a quota or a limit of the process. */
const NO_ROOM: readonly unknown[] = [
  'ENOSPC',
  'EDQUOT',
  'EFBIG',
  constants.errno.ENOSPC,
  constants.errno.EDQUOT,
  constants.errno.EFBIG,
  constants.errno.EIO,
  -30792, // MDB_MAP_FULL
];

export function storeUnavailable(folder: string, cause: unknown): KindredError {
  return new KindredError('KINDRED_STORE_UNAVAILABLE', {
    message: `The feature store must be a folder that can be opened and written. ${folder} is not: ${reasonOf(cause)}.`,
    path: folder,
    hint: 'Choose another cache folder with KINDRED_CACHE, or remove this one: features can always be computed again.',
    cause,
  });
}

/** KINDRED_STORE_FULL if there was no room, else KINDRED_STORE_UNAVAILABLE. */
export function writeError(folder: string, cause: unknown): KindredError {
  if (!NO_ROOM.includes((cause as { code?: unknown } | null)?.code)) return storeUnavailable(folder, cause);
  return new KindredError('KINDRED_STORE_FULL', {
    message: `The feature store must have room for new features. Writing to ${folder} failed: ${reasonOf(cause)}.`,
    path: folder,
    hint: 'Make room on the disk, or choose a cache folder elsewhere with KINDRED_CACHE.',
    cause,
  });
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
