import { normalQuantile } from './normal-quantile.js';
import type { Interval } from './evaluation.js';

/**
 * The score interval of a share, `hits` of `trials` (Wilson 1927): it keeps its level for few trials and for shares near 0
 * and 1, where the usual one is empty or leaves [0, 1]. Without trials nothing is known: [0, 1].
 * @throws RangeError unless 0 <= hits <= trials and 0 < level < 1
 */
export function wilsonInterval(hits: number, trials: number, level = 0.95): Interval {
  if (!(hits >= 0 && hits <= trials && level > 0 && level < 1)) {
    throw new RangeError(
      `An interval needs 0 <= hits <= trials and a level in (0, 1). Got ${hits}, ${trials}, ${level}.`,
    );
  }
  if (trials === 0) return { lower: 0, upper: 1 };
  const z = normalQuantile((1 + level) / 2);
  const share = hits / trials;
  const spread = z ** 2 / trials;
  const centre = (share + spread / 2) / (1 + spread);
  const half = (z / (1 + spread)) * Math.sqrt((share * (1 - share)) / trials + spread / (4 * trials));
  // At the ends the formula is exact in theory and off by rounding in float64.
  return {
    lower: hits === 0 ? 0 : centre - half,
    upper: hits === trials ? 1 : centre + half,
  };
}
