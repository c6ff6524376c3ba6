import type { Random } from '../../context/random.js';

/**
 * Which of `total` things to keep so that about `limit` remain, each with the same chance: rising numbers from 0, or undefined where all
 * are kept. Gaps between those that are kept are geometric, so that a draw is needed for each of them alone.
 */
export function thinned(total: number, limit: number, random: Random): Float64Array | undefined {
  if (total <= limit) return undefined;
  const skip = Math.log1p(-limit / total);
  const kept: number[] = [];
  let next = -1;
  for (;;) {
    next += 1 + Math.floor(Math.log1p(-random.next()) / skip);
    if (next >= total) return Float64Array.from(kept);
    kept.push(next);
  }
}
