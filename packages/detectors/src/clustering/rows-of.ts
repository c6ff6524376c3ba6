import type { NdArray } from '@kindred/core';

/** The rows `indices` of `x` `[N, D]`, one after another. */
export function rowsOf({ data, shape }: NdArray<'float32'>, indices: readonly number[]): Float32Array {
  const columns = shape[1]!;
  const rows = new Float32Array(indices.length * columns);
  indices.forEach((index, i) => rows.set(data.subarray(index * columns, (index + 1) * columns), i * columns));
  return rows;
}
