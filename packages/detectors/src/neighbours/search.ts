import type { NamedTensors, NdArray } from '@kindred/core';
import type { Tensor } from '@tensorflow/tfjs-core';

import { fittedTensor } from '../features/fitted-tensor.js';
import { requireColumns } from '../features/require-features.js';

import { distancesOf, featureColumns, type Metric, pointsOf } from './metric.js';
import { nearestPoints } from './nearest-points.js';
import { squaredLengths } from './squared-lengths.js';

/** What is known of points to search among them. */
export type SearchState = Readonly<Record<'points' | 'centre' | 'halfSquares', NdArray<'float32'>>>;

/** What a search among `points` `[M, E]` needs of them, to be kept in a fitted state; `centre` `[E]` is what was subtracted from them. */
export function searchState(points: NdArray<'float32'>, centre: NdArray<'float32'>): SearchState {
  const data = Float32Array.from(squaredLengths(points), (square) => square / 2);
  return { points, centre, halfSquares: { dtype: 'float32', shape: [data.length], data } };
}

export interface Neighbours {
  /** int32 `[N, k]`: numbers of points. */
  readonly places: Tensor;
  /** `[N, k]`: distances to them in the metric. */
  readonly distances: Tensor;
}

/**
 * The neighbours of rows `x` `[N, D]` among the points of a `searchState`, roughly the nearest first.
 * @throws KINDRED_FEATURES_INVALID, KINDRED_BUNDLE_INVALID naming `component`
 */
export function search(
  component: string,
  tensors: NamedTensors,
  x: Tensor,
  { metric, neighbours }: { metric: Metric; neighbours: number },
): Neighbours {
  const [points, centre, halfSquares] = ['points', 'centre', 'halfSquares'].map((name) =>
    fittedTensor(component, tensors, name),
  ) as [Tensor, Tensor, Tensor];
  requireColumns(component, x, featureColumns(metric, centre.size));
  const { places, squared } = nearestPoints(pointsOf(metric, x, centre), { points, halfSquares }, neighbours);
  return { places, distances: distancesOf(metric, squared) };
}
