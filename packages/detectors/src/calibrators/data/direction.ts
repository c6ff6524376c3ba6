import { type Column, countKinds, type NamedColumn } from './calibration-data.js';

/** A warning where scores do not rise with the truth; undefined where they do, or where there are not both kinds of images. */
export function directionNote({ name, ...column }: NamedColumn): string | undefined {
  const area = rocArea(column);
  if (area > 0.5 || Number.isNaN(area)) return undefined;
  return (
    `The scores of ${name} ${area === 0.5 ? 'say nothing' : 'point the wrong way'}: of two held-out images the one that carries it has the ` +
    `higher score in ${(100 * area).toFixed(1)} % of all pairs. Calibrated probabilities cannot be better than that.`
  );
}

/**
 * The chance that an image that carries the label outranks one that does not, a tie counting one half: the Mann-Whitney statistic from
 * the ranks of scores. NaN unless there are both.
 */
export function rocArea({ scores, targets }: Column): number {
  const order = Uint32Array.from(scores.keys()).sort((i, j) => scores[i]! - scores[j]!);
  const { positives, negatives } = countKinds({ scores, targets });
  let rankSum = 0;
  for (let start = 0, end = 0; start < order.length; start = end) {
    let hits = 0;
    while (end < order.length && scores[order[end]!] === scores[order[start]!]) hits += targets[order[end++]!]!;
    // Ranks count from 1; equal scores share the mean of theirs.
    rankSum += (hits * (start + 1 + end)) / 2;
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
