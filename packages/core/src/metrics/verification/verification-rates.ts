import type { PairCounts } from './collect-pairs.js';
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
export function verificationRates(ranked: RankedPairs, threshold: number, counts: Uint32Array): VerificationRates {
  const { distances } = ranked;
  const totals = countWithin(ranked, counts, distances.length);
  const within = countWithin(ranked, counts, firstAbove(distances, threshold));
  const falseMatchRate = within.different / totals.different;
  const falseNonMatchRate = (totals.same - within.same) / totals.same;
  return {
    ...sweep(ranked, counts, totals),
    falseMatchRate,
    falseNonMatchRate,
    accuracy: 1 - (falseMatchRate + falseNonMatchRate) / 2,
  };
}

/** Same and different pairs among the nearest `end`, as often as they count. */
function countWithin({ first, second }: RankedPairs, counts: Uint32Array, end: number): PairCounts {
  let same = 0;
  let different = 0;
  for (let i = 0; i < end; i++) {
    const one = first[i]!;
    const other = second[i]!;
    if (one === other) same += counts[one]!;
    else different += counts[one]! * counts[other]!;
  }
  return { same, different };
}

/** What needs the pairs in their order. */
function sweep(
  { first, second, last }: RankedPairs,
  counts: Uint32Array,
  totals: PairCounts,
): Pick<VerificationRates, 'auroc' | 'equalErrorRate'> {
  let same = 0;
  let different = 0;
  let sameBefore = 0;
  let differentBefore = 0;
  let wins = 0;
  let equalErrorRate = NaN;
  let searching = totals.same > 0 && totals.different > 0;
  for (let i = 0; i < first.length; i++) {
    const one = first[i]!;
    const other = second[i]!;
    if (one === other) same += counts[one]!;
    else different += counts[one]! * counts[other]!;
    if (last[i] === 0) continue;
    wins += (different - differentBefore) * (sameBefore + same);
    // In whole numbers: a quotient for each pair would take most of the time.
    if (searching && (totals.same - same) * totals.different <= different * totals.same) {
      searching = false;
      const [from, to] = [differentBefore / totals.different, different / totals.different];
      const missed = (found: number) => (totals.same - found) / totals.same;
      equalErrorRate = from + crossing(from, missed(sameBefore), to, missed(same)) * (to - from);
    }
    sameBefore = same;
    differentBefore = different;
  }
  return { auroc: wins / (2 * totals.same * totals.different), equalErrorRate };
}

/** How many of the rising `distances` are at most `threshold`, by halves. */
function firstAbove(distances: Float32Array, threshold: number): number {
  let [low, high] = [0, distances.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (distances[middle]! <= threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}
