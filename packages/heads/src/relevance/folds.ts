import type { Random } from '@kindred/core';

/** The fold of each row: both classes are dealt to the folds evenly, in random order. */
export function stratifiedFolds(y: Uint8Array, folds: number, random: Random): number[] {
  const result = new Array<number>(y.length).fill(0);
  let next = 0;
  for (const value of [1, 0]) {
    const rows = Array.from(y.keys()).filter((row) => y[row] === value);
    // The second class goes on where the first ended, so that folds differ by one row at most.
    for (const row of random.shuffle(rows)) result[row] = next++ % folds;
  }
  return result;
}
