export interface Cut {
  /** A float32 between the lowest score that is given and the highest that is not. */
  readonly threshold: number;
  /** How many scores reach it. */
  readonly given: number;
}

/**
 * What a cut is worth that gives `given` scores, `hits` of them rightly, of `positives` in all: compared by the first number, then by the
 * second.
 */
export type Worth = (hits: number, given: number, positives: number) => readonly [number, number?];

/** F1. Quotients of small whole numbers: ties are exact. */
export const f1Worth: Worth = (hits, given, positives) => [(2 * hits) / (given + positives)];

/**
 * The threshold of the highest worth for `scores` against `targets`; among equals the highest. It lies half way to the next lower
 * score, where new images close to the cut fall on either side alike; if nothing is lower, on the lowest score.
 * Undefined without positives: no threshold finds any.
 */
export function bestCut(scores: Float32Array, targets: Uint8Array, worthOf: Worth = f1Worth): Cut | undefined {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]!);
  const positives = targets.reduce((sum, target) => sum + target, 0);
  if (positives === 0) return undefined;
  let hits = 0;
  let best = { worth: [-Infinity, 0] as readonly [number, number], given: 0 };
  for (let i = 0; i < order.length; i++) {
    hits += targets[order[i]!]!;
    const given = i + 1;
    if (given < order.length && scores[order[i]!] === scores[order[given]!]) continue;
    const [first, second = 0] = worthOf(hits, given, positives);
    if (first > best.worth[0] || (first === best.worth[0] && second > best.worth[1])) {
      best = { worth: [first, second], given };
    }
  }
  const lowestGiven = scores[order[best.given - 1]!]!;
  const highestNot = scores[order[best.given] ?? order[best.given - 1]!]!;
  return { threshold: between(highestNot, lowestGiven), given: best.given };
}

/** The float32 half way, but above `low`: between neighbours half way rounds to one of them. */
function between(low: number, high: number): number {
  const middle = Math.fround(low + (high - low) / 2);
  return middle > low ? middle : high;
}
