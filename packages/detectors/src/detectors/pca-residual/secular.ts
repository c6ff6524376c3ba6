/** Steps that a root may take; two to four are usual. */
const STEPS = 30;
/** Relative change of a root below which the next step would change it by the square of this. */
const TOLERANCE = 1e-3;

export interface Root {
  readonly value: number;
  /** What of the sum of the weights belongs to the root's eigenvector. */
  readonly weight: number;
}

/**
 * The root next below `poles[k]` of the secular equation `1 + share sum_j weights[j] / (z - poles[j]) = 0`: an eigenvalue of
 * `diag(poles) - share d d^T` with `weights = d^2`, and the square of `d` along its eigenvector. Poles descend and weights are positive. By
 * rational interpolation (Bunch, Nielsen & Sorensen 1978), in terms of the distance from the pole, which keeps its digits.
 */
export function rootBelow(poles: Float64Array, weights: Float64Array, k: number, share: number): Root {
  const count = poles.length;
  const pole = poles[k]!;
  const last = k === count - 1;
  let total = 0;
  for (let j = 0; last && j < count; j++) total += weights[j]!;
  // The root is nearer than the next pole, or than all weights could move it.
  const gap = last ? 2 * share * total : pole - poles[k + 1]!;
  if (!(gap > 0)) return { value: pole, weight: 0 };

  let distance = gap / 2;
  let slope = 0;
  for (let step = 0; step < STEPS; step++) {
    let [above, aboveSlope, below, belowSlope] = [0, 0, 0, 0];
    for (let j = 0; j <= k; j++) {
      const inverse = 1 / (poles[j]! - pole + distance);
      const term = weights[j]! * inverse;
      above -= term;
      aboveSlope += term * inverse;
    }
    for (let j = k + 1; j < count; j++) {
      const inverse = 1 / (pole - poles[j]! - distance);
      const term = weights[j]! * inverse;
      below += term;
      belowSlope += term * inverse;
    }
    // The sums over the poles above and below as a constant and one pole each, the nearest, equal here in value and slope.
    const near = aboveSlope * distance * distance;
    const far = belowSlope * (gap - distance) * (gap - distance);
    const rest = 1 + share * (above + aboveSlope * distance + below - belowSlope * (gap - distance));
    const next = last ? (share * near) / rest : quadraticRoot(rest, share * near, share * far, gap);
    slope = near / (next * next) + (last ? 0 : far / ((gap - next) * (gap - next)));
    const change = Math.abs(next - distance);
    distance = next;
    if (change <= TOLERANCE * Math.min(next, last ? next : gap - next)) break;
  }
  const weight = 1 / (share * share * slope);
  return { value: pole - distance, weight: Number.isFinite(weight) ? weight : 0 };
}

/** The x between 0 and `gap` with `rest - near / x + far / (gap - x) = 0`. */
function quadraticRoot(rest: number, near: number, far: number, gap: number): number {
  const half = rest * gap + near + far;
  const root = Math.sqrt(Math.max(0, half * half - 4 * rest * near * gap));
  return half > 0 ? (2 * near * gap) / (half + root) : (half - root) / (2 * rest);
}
