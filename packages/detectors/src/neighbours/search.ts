import { float32, type NamedTensors, type NdArray } from '@kindred/core';
import type { Tensor } from '@tensorflow/tfjs-core';

import { fittedTensor } from '../features/fitted-tensor.js';
import { requireColumns } from '../features/require-features.js';

import { distancesOf, featureColumns, type Metric, pointsOf } from './metric.js';
import { nearestPoints } from './nearest-points.js';
import { squaredLengths } from './squared-lengths.js';

/** What is known of points to search among them. */
export type SearchState = Readonly<Record<'points' | 'centre' | 'halfSquares', NdArray<'float32'>>>;

/**
 * What a search among `points` `[M, E]` needs of them, to be kept in a fitted state; `centre` `[E]` is what was subtracted from them,
 * `squares` `[M]` are their squared lengths.
 */
export function searchState(
  points: NdArray<'float32'>,
  centre: NdArray<'float32'>,
  squares = squaredLengths(points),
): SearchState {
  const halfSquares = float32([squares.length]);
  for (let i = 0; i < squares.length; i++) halfSquares.data[i] = squares[i]! / 2;
  return { points, centre, halfSquares };
}

export interface Neighbours {
  /** int32 `[N, k]`: numbers of points. */
  readonly places: Tensor;
  /** `[N, k]`: distances to them in the metric. */
  readonly distances: Tensor;
}

export interface SearchOptions {
  readonly metric: Metric;
  readonly neighbours: number;
}

/**
 * The neighbours of rows `x` `[N, D]` among the points of a `searchState`, roughly the nearest first.
 * @throws KINDRED_FEATURES_INVALID, KINDRED_BUNDLE_INVALID naming `component`
 */
export function search(component: string, tensors: NamedTensors, x: Tensor, options: SearchOptions): Neighbours {
  const centre = fittedTensor(component, tensors, 'centre');
  requireColumns(component, x, featureColumns(options.metric, centre.size));
  return searchPoints(component, tensors, pointsOf(options.metric, x, centre), options);
}

/** The same for rows that are points already, `[N, E]`. */
export function searchPoints(
  component: string,
  tensors: NamedTensors,
  rows: Tensor,
  { metric, neighbours }: SearchOptions,
): Neighbours {
  const among = {
    points: fittedTensor(component, tensors, 'points'),
    halfSquares: fittedTensor(component, tensors, 'halfSquares'),
  };
  const { places, squared } = nearestPoints(rows, among, neighbours);
  return { places, distances: distancesOf(metric, squared) };
}
