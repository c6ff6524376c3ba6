/** A point of the ROC curve: what comes of taking pairs of at most `distance` for the same. */
export interface RocPoint {
  /** The share of different pairs that are taken for the same. */
  readonly falseMatchRate: number;
  /** The share of same pairs that are, and of those that are not. */
  readonly trueMatchRate: number;
  readonly falseNonMatchRate: number;
  /** null for the first point, at which no pair is. */
  readonly distance: number | null;
}

export interface EqualError {
  readonly rate: number;
  /** The distance at which pairs of different images are as often taken for the same as the other way round. */
  readonly distance: number;
}

/** Where on the way from one point to the next, 0 to 1, as many of the one kind are wrong as of the other. */
export function crossing(falseBefore: number, missedBefore: number, falseAfter: number, missedAfter: number): number {
  const [before, after] = [missedBefore - falseBefore, missedAfter - falseAfter];
  return before / (before - after);
}

/**
 * The equal error rate: where the ROC curve, its points joined by straight lines, meets the line of as many false matches as false
 * non-matches. The threshold is interpolated alike; where a whole gap between two distances reaches the rate, it is the middle of it.
 * @param roc rising from (0, 0) to (1, 1)
 */
export function equalError(roc: readonly RocPoint[]): EqualError {
  for (let i = 1; i < roc.length; i++) {
    const [before, point] = [roc[i - 1]!, roc[i]!];
    const [missedBefore, missed] = [before.falseNonMatchRate, point.falseNonMatchRate];
    if (missed > point.falseMatchRate) continue;
    const to = point.distance!;
    const share = crossing(before.falseMatchRate, missedBefore, point.falseMatchRate, missed);
    const rate = before.falseMatchRate + share * (point.falseMatchRate - before.falseMatchRate);
    if (missed === point.falseMatchRate) return { rate, distance: (to + (roc[i + 1]?.distance ?? to)) / 2 };
    const from = before.distance ?? to;
    return { rate, distance: from + share * (to - from) };
  }
  return { rate: NaN, distance: NaN };
}
