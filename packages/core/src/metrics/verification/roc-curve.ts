import type { RocPoint } from './equal-error.js';
import { countRanked, type RankedPairs } from './rank-pairs.js';

/** The whole ROC curve of verification, a point for each distance, from (0, 0) on: scikit-learn's `roc_curve` of `-distance`. */
export function rocCurve(ranked: RankedPairs): RocPoint[] {
  const totals = countRanked(ranked);
  const points: RocPoint[] = [{ falseMatchRate: 0, trueMatchRate: 0, falseNonMatchRate: 1, distance: null }];
  const { first, second, last, distances } = ranked;
  let same = 0;
  let different = 0;
  for (let i = 0; i < last.length; i++) {
    if (first[i] === second[i]) same++;
    else different++;
    if (!last[i]) continue;
    points.push({
      falseMatchRate: different / totals.different,
      trueMatchRate: same / totals.same,
      // Not 1 - trueMatchRate, which rounds: where both rates are equal, they must be so to the last bit.
      falseNonMatchRate: (totals.same - same) / totals.same,
      distance: distances[i]!,
    });
  }
  return points;
}

/** At most `count` points of a curve, at even steps of its length in both directions; the first and the last stay. */
export function thinRoc(points: readonly RocPoint[], count: number): RocPoint[] {
  if (points.length <= count) return [...points];
  const kept: RocPoint[] = [];
  points.forEach((point, i) => {
    const way = ((point.falseMatchRate + point.trueMatchRate) / 2) * (count - 2);
    if (i === points.length - 1 || way >= kept.length) kept.push(point);
  });
  return kept;
}
