export interface Cut {
  /** A float32 between the lowest score that is given and the highest that is not. */
  readonly threshold: number;
  /** How many scores reach it. */
  readonly given: number;
}

/**
 * The threshold with the highest F1 of `scores` against `targets`; among equals the highest. It lies half way to the next lower
 * score, where new images close to the cut fall on either side alike; if nothing is lower, on the lowest score.
 * Undefined without positives: F1 is then 0 everywhere.
 */
export function bestCut(scores: Float32Array, targets: Uint8Array): Cut | undefined {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]!);
  const positives = targets.reduce((sum, target) => sum + target, 0);
  let hits = 0;
  let best = { hits: 0, given: 0 };
  for (let i = 0; i < order.length; i++) {
    hits += targets[order[i]!]!;
    const given = i + 1;
    if (given < order.length && scores[order[i]!] === scores[order[given]!]) continue;
    // F1 is 2 hits / (given + positives). Compared crosswise the numbers are whole and ties are exact.
    if (hits * (best.given + positives) > best.hits * (given + positives)) best = { hits, given };
  }
  if (best.given === 0) return undefined;
  const lowestGiven = scores[order[best.given - 1]!]!;
  const highestNot = scores[order[best.given] ?? order[best.given - 1]!]!;
  return { threshold: between(highestNot, lowestGiven), given: best.given };
}

/** The float32 half way, but above `low`: between neighbours half way rounds to one of them. */
function between(low: number, high: number): number {
  const middle = Math.fround(low + (high - low) / 2);
  return middle > low ? middle : high;
}
