import type { NdArray } from '@kindred/core';

/** The squared length of each row `[N]` of `points` `[N, E]`. */
export function squaredLengths({ shape, data }: NdArray<'float32'>): Float64Array {
  const [rows, columns] = shape as [number, number];
  const lengths = new Float64Array(rows);
  for (let row = 0; row < rows; row++) lengths[row] = sumOfSquares(data, row * columns, (row + 1) * columns);
  return lengths;
}

/** Four sums side by side: each waits for its own last addition alone. */
function sumOfSquares(data: Float32Array, start: number, end: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  let i = start;
  for (; i + 4 <= end; i += 4) {
    a += data[i]! * data[i]!;
    b += data[i + 1]! * data[i + 1]!;
    c += data[i + 2]! * data[i + 2]!;
    d += data[i + 3]! * data[i + 3]!;
  }
  for (; i < end; i++) a += data[i]! * data[i]!;
  return a + b + c + d;
}
