/** Certain probabilities count as this unsure: their log-odds would be infinite. */
const SMALLEST = 1e-6;

/**
 * The mean of two probabilities on the scale of log-odds, `own` with the weight of its positives and `shared` with that of `strength`
 * positives, as a float32 between them: empirical Bayes' shrinkage of many means, with a given strength (Efron and Morris 1975).
 */
export function shrunk(own: number, shared: number, positives: number, strength: number): number {
  const mean = (positives * logOdds(own) + strength * logOdds(shared)) / (positives + strength);
  const between = Math.fround(1 / (1 + Math.exp(-mean)));
  return Math.min(Math.max(between, Math.min(own, shared)), Math.max(own, shared));
}

function logOdds(probability: number): number {
  const inside = Math.min(Math.max(probability, SMALLEST), 1 - SMALLEST);
  return Math.log(inside / (1 - inside));
}
