/** Where a share of scores shall lie below. */
export interface QuantileCut {
  /** One of the scores. */
  readonly threshold: number;
  /** How many scores lie below it. */
  readonly below: number;
  /** Set where there are too few scores to tell: even the lowest leaves out more than the share is. */
  readonly tooFew: boolean;
}

/** How many scores it takes before a share `rate` can be kept to: the lowest of n is expected to have 1 / (n + 1) below. */
export const scoresNeeded = (rate: number): number => Math.ceil(1 / rate - 1 - 1e-9);

/**
 * The highest of `scores` that a new score like them lies below with a chance of at most `rate`: the k-th lowest with
 * k = floor(rate (n + 1)), which holds for any distribution (Vovk, Gammerman and Shafer 2005: a split-conformal bound). The lowest
 * score where k is 0. `scores` must not be empty.
 */
export function quantileCut(scores: Float32Array, rate: number): QuantileCut {
  const sorted = scores.slice().sort();
  // A product like .29 * 100 may be rounded to just below a whole number.
  const k = Math.floor(rate * (sorted.length + 1) + 1e-9);
  const threshold = sorted[Math.max(k, 1) - 1]!;
  return { threshold, below: sorted.findIndex((score) => score === threshold), tooFew: k === 0 };
}
