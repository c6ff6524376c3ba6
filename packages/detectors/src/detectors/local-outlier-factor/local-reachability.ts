import type { Neighbourhoods } from '../../neighbours/neighbourhoods.js';

/** Keeps densities finite where a row has more than k copies, as scikit-learn does. */
export const SMALLEST_REACHABILITY = 1e-10;

export interface LocalReachability {
  /** `[N]`: the distance of each training row to its k-th neighbour. */
  readonly kDistances: Float64Array;
  /** `[N]`: 1 over the mean reachability distance from its neighbours. */
  readonly densities: Float64Array;
  /** `[N]`: minus the local outlier factor: about -1 for inliers, lower for outliers. */
  readonly scores: Float64Array;
}

/** Local reachability densities and outlier factors of training rows by their `k` neighbours (Breunig et al., 2000, definitions 3 to 7). */
export function localReachability({ places, distances }: Neighbourhoods, k: number): LocalReachability {
  const rows = distances.length / k;
  const kDistances = new Float64Array(rows);
  const densities = new Float64Array(rows);
  const scores = new Float64Array(rows);
  for (let row = 0; row < rows; row++) kDistances[row] = Math.max(...distances.subarray(row * k, (row + 1) * k));
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let i = row * k; i < (row + 1) * k; i++) sum += Math.max(distances[i]!, kDistances[places[i]!]!);
    densities[row] = 1 / (sum / k + SMALLEST_REACHABILITY);
  }
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let i = row * k; i < (row + 1) * k; i++) sum += densities[places[i]!]!;
    scores[row] = -sum / k / densities[row]!;
  }
  return { kDistances, densities, scores };
}
