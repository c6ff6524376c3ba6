import type { NdArray } from '@kindred/core';

/** The squared length of each row `[N]` of `points` `[N, E]`. */
export function squaredLengths({ shape, data }: NdArray<'float32'>): Float64Array {
  const [rows, columns] = shape as [number, number];
  return Float64Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let i = row * columns; i < (row + 1) * columns; i++) sum += data[i]! * data[i]!;
    return sum;
  });
}
