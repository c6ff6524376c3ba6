import type { Random } from '@kindred/core';

/**
 * Draws of `count` out of the numbers below `total`: all sets equally likely, in any order, or with replacement, where numbers drawn again
 * count once, as in scikit-learn's forest. The array that a draw gives may be reordered; the next draw uses it again.
 */
export function drawsOf(total: number, count: number, replacement: boolean, random: Random): () => Int32Array {
  if (replacement) {
    return () => Int32Array.from(new Set(Array.from({ length: count }, () => random.integer(total))));
  }
  const order = Int32Array.from({ length: total }, (_, i) => i);
  if (count === total) return () => order;
  // The first steps of a Fisher-Yates shuffle; whatever order is there before, all sets are equally likely.
  return () => {
    for (let i = 0; i < count; i++) {
      const j = i + random.integer(total - i);
      const drawn = order[j]!;
      order[j] = order[i]!;
      order[i] = drawn;
    }
    return order.subarray(0, count);
  };
}
