/** Spreads below the smallest normal float32 are none to an engine that flushes smaller numbers to zero. */
const SMALLEST_SPREAD = 2 ** -126;

/** Lowest value and highest minus lowest of each column. */
export interface Ranges {
  readonly lowest: Float32Array;
  /** 1 for a constant column, so that dividing by it changes nothing. */
  readonly spread: Float32Array;
}

/** Ranges of the columns of `x` `[N, columns]`, row-major, N at least 1. */
export function columnRanges(x: Float32Array, columns: number): Ranges {
  const lowest = x.slice(0, columns);
  const highest = x.slice(0, columns);
  for (let at = columns; at < x.length; at += columns) {
    for (let j = 0; j < columns; j++) {
      const value = x[at + j]!;
      if (value < lowest[j]!) lowest[j] = value;
      if (value > highest[j]!) highest[j] = value;
    }
  }
  const spread = highest.map((high, j) => (high - lowest[j]! < SMALLEST_SPREAD ? 1 : high - lowest[j]!));
  return { lowest, spread };
}
