import { float32, KindredError, type NdArray } from '@kindred/core';

import { type Metric, pointColumns } from './metric.js';

/** Of float32. */
const LARGEST = 3.4e38;

/** Training rows as points between which euclidean distances are measured. */
export interface TrainingPoints {
  /** `[N, E]`, moved so that their mean is 0: the rounding errors of products are in proportion to the points' lengths. */
  readonly points: NdArray<'float32'>;
  /** `[E]`: what was subtracted. */
  readonly centre: NdArray<'float32'>;
}

/**
 * The points of training rows `x` `[N, D]`; `metric.ts` says what they are.
 * @throws KINDRED_FEATURES_INVALID if squares of distances would not fit into float32
 */
export function trainingPoints(component: string, metric: Metric, { shape, data }: NdArray<'float32'>): TrainingPoints {
  const [rows, columns] = shape as [number, number];
  const width = pointColumns(metric, columns);
  const points = new Float32Array(rows * width);
  const mean = new Float64Array(width);
  for (let row = 0; row < rows; row++) {
    const from = data.subarray(row * columns, (row + 1) * columns);
    const to = points.subarray(row * width, (row + 1) * width);
    if (metric === 'cosine') toUnit(from, to);
    else to.set(from);
    for (let j = 0; j < width; j++) mean[j]! += to[j]!;
  }
  const centre = Float32Array.from(mean, (sum) => sum / rows);
  for (let row = 0; row < rows; row++) for (let j = 0; j < width; j++) points[row * width + j]! -= centre[j]!;
  requireSquares(component, points, width);
  return { points: float32([rows, width], points), centre: float32([width], centre) };
}

/** Squared distances are at most four times the largest squared length. */
function requireSquares(component: string, points: Float32Array, width: number): void {
  let largest = 0;
  for (const value of points) largest = Math.max(largest, Math.abs(value));
  if (4 * width * largest ** 2 < LARGEST) return;
  throw new KindredError('KINDRED_FEATURES_INVALID', {
    message: `Features for ${component} must be small enough for squares of their distances in float32. Got a value ${largest.toExponential(1)} away from its column's mean.`,
    received: largest,
    hint: 'Put the transform "standard-scaler" before the detector.',
  });
}

/** Writes the unit vector of `from` `[D]` into `to` `[D + 2]`, or a 1 in the column for rows of zeros. */
function toUnit(from: Float32Array, to: Float32Array): void {
  let sum = 0;
  for (const value of from) sum += value * value;
  if (sum === 0) {
    to[from.length] = 1;
    return;
  }
  const length = Math.sqrt(sum);
  for (let j = 0; j < from.length; j++) to[j] = from[j]! / length;
}
