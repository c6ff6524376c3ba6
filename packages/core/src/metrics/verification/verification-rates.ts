import { crossing } from './equal-error.js';
import type { RankedPairs } from './rank-pairs.js';

/** Figures of verification; NaN unless there are pairs of both kinds. */
export interface VerificationRates {
  /** The chance that a pair of the same is nearer than one of different images, a tie counting one half. */
  readonly auroc: number;
  readonly equalErrorRate: number;
  /** Of pairs of at most the threshold's distance. */
  readonly falseMatchRate: number;
  readonly falseNonMatchRate: number;
  /** Mean of the shares of same and of different pairs that are told right: what is right of as many pairs of each kind. */
  readonly accuracy: number;
}

/**
 * The figures where identity `i` counts `counts[i]` times: a pair of one identity as often, a pair of two as often as the product says.
 * So identities, not pairs, are resampled, as pairs that share an identity depend on each other (Snijders and Borgatti 1999; Bolle,
 * Ratha and Pankanti 2004, the subsets bootstrap).
 */
export function verificationRates(
  { distances, first, second, last }: RankedPairs,
  threshold: number,
  counts: Uint32Array,
): VerificationRates {
  let [sameTotal, differentTotal, sameWithin, differentWithin] = [0, 0, 0, 0];
  for (let i = 0; i < first.length; i++) {
    const one = first[i]!;
    const other = second[i]!;
    const within = distances[i]! <= threshold;
    if (one === other) {
      sameTotal += counts[one]!;
      if (within) sameWithin += counts[one]!;
    } else {
      const count = counts[one]! * counts[other]!;
      differentTotal += count;
      if (within) differentWithin += count;
    }
  }

  let [same, different, sameBefore, differentBefore, wins, equalErrorRate] = [0, 0, 0, 0, 0, NaN];
  for (let i = 0; i < first.length; i++) {
    const one = first[i]!;
    const other = second[i]!;
    if (one === other) same += counts[one]!;
    else different += counts[one]! * counts[other]!;
    if (!last[i]) continue;
    wins += (different - differentBefore) * ((sameBefore + same) / 2);
    if (Number.isNaN(equalErrorRate) && 1 - same / sameTotal <= different / differentTotal) {
      const [from, to] = [differentBefore / differentTotal, different / differentTotal];
      equalErrorRate = from + crossing(from, 1 - sameBefore / sameTotal, to, 1 - same / sameTotal) * (to - from);
    }
    sameBefore = same;
    differentBefore = different;
  }
  const falseMatchRate = differentWithin / differentTotal;
  const falseNonMatchRate = 1 - sameWithin / sameTotal;
  return {
    auroc: wins / (sameTotal * differentTotal),
    equalErrorRate,
    falseMatchRate,
    falseNonMatchRate,
    accuracy: 1 - (falseMatchRate + falseNonMatchRate) / 2,
  };
}
