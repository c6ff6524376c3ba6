import type { Scored } from '../plugin/contract.js';

import { descendingOrder } from './descending-order.js';

/**
 * Items from highest to lowest score: all that ranking metrics need, sorted once for any number of bootstrap samples.
 * Each is `row * 4`, plus `POSITIVE`, plus `LAST` where the next score differs: packed, because the loops below are bound by memory.
 */
export type Ranking = Uint32Array;
const LAST = 1;
const POSITIVE = 2;

/** Ranks all images by the score of label `column`. */
export function rankLabel({ labels, scores, targets }: Scored, column: number): Ranking {
  const step = labels.length;
  const size = scores.data.length / step;
  const own = new Float32Array(size);
  const positive = new Uint8Array(size);
  for (let row = 0; row < size; row++) {
    own[row] = scores.data[row * step + column]!;
    positive[row] = targets.data[row * step + column]!;
  }
  return rank(own, positive, 1);
}

/** Ranks all pairs of image and label together. */
export function rankPairs({ labels, scores, targets }: Scored): Ranking {
  return rank(scores.data, targets.data, labels.length);
}

function rank(scores: Float32Array, positive: Uint8Array, itemsPerRow: number): Ranking {
  const ranking = descendingOrder(scores);
  for (let i = 0; i < ranking.length; i++) {
    const item = ranking[i]!;
    const last = i + 1 === ranking.length || scores[item] !== scores[ranking[i + 1]!];
    const row = Math.floor(item / itemsPerRow);
    ranking[i] = row * 4 + (positive[item] ? POSITIVE : 0) + (last ? LAST : 0);
  }
  return ranking;
}

/** Positives of a ranking, each image once. */
export function countPositives(ranking: Ranking): number {
  let count = 0;
  for (let i = 0; i < ranking.length; i++) if (ranking[i]! & POSITIVE) count++;
  return count;
}

/**
 * Average precision: the sum over distinct scores of the rise in recall times precision, without interpolation
 * (scikit-learn's `average_precision_score`). NaN without positives. `counts` says how often each image counts.
 */
export function averagePrecision(ranking: Ranking, counts: Uint32Array): number {
  let seen = 0;
  let hits = 0;
  let hitsBefore = 0;
  let area = 0;
  for (let i = 0; i < ranking.length; i++) {
    const item = ranking[i]!;
    const count = counts[item >>> 2]!;
    seen += count;
    if (item & POSITIVE) hits += count;
    if (item & LAST && hits > hitsBefore) {
      area += (hits - hitsBefore) * (hits / seen);
      hitsBefore = hits;
    }
  }
  return area / hits;
}

/**
 * Area under the ROC curve: the chance that a positive outranks a negative, a tie counting one half.
 * NaN unless there are both. `counts` says how often each image counts.
 */
export function rocArea(ranking: Ranking, counts: Uint32Array): number {
  let positives = 0;
  let negatives = 0;
  let positivesAbove = 0;
  let negativesAbove = 0;
  let wins = 0;
  for (let i = 0; i < ranking.length; i++) {
    const item = ranking[i]!;
    const count = counts[item >>> 2]!;
    if (item & POSITIVE) positives += count;
    else negatives += count;
    if (item & LAST) {
      wins += (negatives - negativesAbove) * ((positivesAbove + positives) / 2);
      positivesAbove = positives;
      negativesAbove = negatives;
    }
  }
  return wins / (positives * negatives);
}

/**
 * The share of negatives above the highest threshold that a share `rate` of the positives reaches, ties kept together: the first
 * point of the ROC curve with that true positive rate. NaN unless there are both. `counts` says how often each image counts.
 */
export function falsePositiveRateAt(ranking: Ranking, counts: Uint32Array, rate: number): number {
  const [positives, negatives] = countBoth(ranking, counts);
  if (positives === 0) return NaN;
  let hits = 0;
  let passed = 0;
  for (let i = 0; i < ranking.length; i++) {
    const item = ranking[i]!;
    const count = counts[item >>> 2]!;
    if (item & POSITIVE) hits += count;
    else passed += count;
    // A quotient: 19 / 20 is the float64 nearest to .95, while .95 * 20 may be rounded past 19.
    if (item & LAST && hits / positives >= rate) break;
  }
  return passed / negatives;
}

function countBoth(ranking: Ranking, counts: Uint32Array): [positives: number, negatives: number] {
  let positives = 0;
  let negatives = 0;
  for (let i = 0; i < ranking.length; i++) {
    const item = ranking[i]!;
    if (item & POSITIVE) positives += counts[item >>> 2]!;
    else negatives += counts[item >>> 2]!;
  }
  return [positives, negatives];
}
