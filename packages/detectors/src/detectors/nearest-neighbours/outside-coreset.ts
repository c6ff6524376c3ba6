import type { NdArray } from '@kindred/core';

import { distanceOf, type Metric } from '../../neighbours/metric.js';
import type { Neighbourhoods } from '../../neighbours/neighbourhoods.js';

interface Chosen {
  /** All training points `[N, E]`. */
  readonly points: NdArray<'float32'>;
  /** Which of them are the coreset. */
  readonly chosen: Int32Array;
  readonly metric: Metric;
  readonly k: number;
}

/**
 * Distances `[N * k]` of each training image to the coreset as it would be without that image, given its `k + 1` nearest in the coreset. Without
 * an image that was not chosen it is the same. Without a chosen one it would hold another in its place: of the images to which
 * the chosen one is the nearest, that which is farthest from the rest, provided that it is farther than the coreset's radius, as each next choice is.
 * Were it left out, chosen images, which are far from each other by choice, would pull the boundary outwards.
 */
export function distancesWithoutSelf(near: Neighbourhoods, { points, chosen, metric, k }: Chosen): Float32Array {
  const rows = points.shape[0]!;
  const numbers = new Map(Array.from(chosen, (row, number) => [row, number]));
  const substitutes = findSubstitutes(near, { rows, numbers, k });
  const distances = new Float32Array(rows * k);
  for (let row = 0; row < rows; row++) {
    const own = numbers.get(row);
    const found = Array.from({ length: k + 1 }, (_, j) => row * (k + 1) + j);
    const others = found.filter((at) => near.places[at] !== own).map((at) => near.distances[at]!);
    const substitute = own === undefined ? undefined : substitutes.get(own);
    if (substitute !== undefined) others.push(distanceOf(metric, squaredDistance(points, row, substitute)));
    distances.set(others.sort((a, b) => a - b).slice(0, k), row * k);
  }
  return distances;
}

interface Assigned {
  readonly rows: number;
  /** Of chosen rows, their number in the coreset. */
  readonly numbers: ReadonlyMap<number, number>;
  readonly k: number;
}

/** By number in the coreset, the row that would be chosen in its place. */
function findSubstitutes(near: Neighbourhoods, { rows, numbers, k }: Assigned): Map<number, number> {
  const farthest = new Map<number, { row: number; distance: number }>();
  let radius = 0;
  for (let row = 0; row < rows; row++) {
    if (numbers.has(row)) continue;
    const at = row * (k + 1);
    const place = near.places[at]!;
    const distance = near.distances[at + 1]!;
    radius = Math.max(radius, near.distances[at]!);
    if (distance > (farthest.get(place)?.distance ?? -1)) farthest.set(place, { row, distance });
  }
  const choices = [...farthest].filter(([, { distance }]) => distance >= radius);
  return new Map(choices.map(([place, { row }]) => [place, row]));
}

function squaredDistance({ shape, data }: NdArray<'float32'>, row: number, other: number): number {
  const columns = shape[1]!;
  let sum = 0;
  for (let j = 0; j < columns; j++) sum += (data[row * columns + j]! - data[other * columns + j]!) ** 2;
  return sum;
}
