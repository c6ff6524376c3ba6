import type { NdArray } from '@kindred/core';

/** The squared length of each row `[N]` of `points` `[N, E]`. */
export function squaredLengths({ shape, data }: NdArray<'float32'>): Float64Array {
  const [rows, columns] = shape as [number, number];
  const lengths = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    let sum = 0;
    for (let j = start; j < start + columns; j++) sum += data[j]! * data[j]!;
    lengths[row] = sum;
  }
  return lengths;
}
