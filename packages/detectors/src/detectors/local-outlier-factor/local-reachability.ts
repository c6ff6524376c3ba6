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
  distances.forEach((distance, i) => {
    const row = Math.floor(i / k);
    kDistances[row] = Math.max(kDistances[row]!, distance);
  });
  const densities = new Float64Array(rows);
  distances.forEach((distance, i) => (densities[Math.floor(i / k)]! += Math.max(distance, kDistances[places[i]!]!)));
  for (let row = 0; row < rows; row++) densities[row] = 1 / (densities[row]! / k + SMALLEST_REACHABILITY);
  const scores = new Float64Array(rows);
  places.forEach((place, i) => {
    const row = Math.floor(i / k);
    scores[row]! -= densities[place]! / densities[row]! / k;
  });
  return { kDistances, densities, scores };
}
