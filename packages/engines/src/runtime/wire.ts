import type { NdArray, NdArrays } from '@kindred/core';

import type { WireArray } from './protocol.js';

/** A copy in a buffer of its own, which can be moved to a worker while the caller keeps the original. */
function packed(array: NdArray): WireArray {
  return { dtype: array.dtype, shape: [...array.shape], data: array.data.slice() };
}

/** The buffers behind arrays that `packed` made. */
export function buffersOf(arrays: Readonly<Record<string, WireArray>>): ArrayBuffer[] {
  return Object.values(arrays).map(({ data }) => data.buffer as ArrayBuffer);
}

/** Picks `names`, each renamed by `rename`. */
export function packAll(
  arrays: NdArrays,
  names: readonly string[],
  rename: (name: string) => string,
): Record<string, WireArray> {
  return Object.fromEntries(names.map((name) => [rename(name), packed(arrays[name] as NdArray)]));
}
