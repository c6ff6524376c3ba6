import { float32, type NdArray } from '../../tensor/nd-array.js';

/** The chosen rows of a matrix `[N, D]`, in the order given. */
export function rowsOf({ shape, data }: NdArray<'float32'>, rows: readonly number[]): NdArray<'float32'> {
  const columns = shape[1]!;
  const chosen = float32([rows.length, columns]);
  for (const [i, row] of rows.entries())
    chosen.data.set(data.subarray(row * columns, (row + 1) * columns), i * columns);
  return chosen;
}

/** A copy with `value` in place of one number in the middle. */
export function withValue({ shape, data }: NdArray<'float32'>, value: number): NdArray<'float32'> {
  const copy = float32(shape, data.slice());
  copy.data[data.length >> 1] = value;
  return copy;
}
