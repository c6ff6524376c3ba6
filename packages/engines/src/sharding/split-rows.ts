import type { NdArray, NdArrays } from '@kindred/core';

/** How many of `rows` rows each of `shards` shards gets: the first ones one more where it does not come out even. Never 0. */
export function shardSizes(rows: number, shards: number): readonly number[] {
  const count = Math.max(1, Math.min(rows, shards));
  const each = Math.floor(rows / count);
  return Array.from({ length: count }, (_, shard) => each + (shard < rows % count ? 1 : 0));
}

/**
 * The inputs of each shard: rows of those that `splits` names, in their order; of the others all. All are copies: each worker
 * is sent its own.
 */
export function splitRows(
  inputs: NdArrays,
  sizes: readonly number[],
  splits: (input: string) => boolean,
): readonly NdArrays[] {
  let start = 0;
  return sizes.map((size) => {
    const from = start;
    start += size;
    return Object.fromEntries(
      Object.entries(inputs).map(([name, array]) => [name, splits(name) ? takeRows(array, from, size) : copyOf(array)]),
    );
  });
}

const copyOf = (array: NdArray): NdArray => ({ ...array, data: array.data.slice() });

function takeRows(array: NdArray, from: number, size: number): NdArray {
  const [rows = 1, ...rest] = array.shape;
  const width = array.data.length / rows;
  return { ...array, shape: [size, ...rest], data: array.data.slice(from * width, (from + size) * width) };
}
