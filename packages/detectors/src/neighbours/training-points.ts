import { float32, KindredError, type NdArray } from '@kindred/core';

import { type Metric, pointColumns } from './metric.js';
import { squaredLengths } from './squared-lengths.js';

/** Of float32. */
const LARGEST = 3.4e38;

/** Training rows as points between which euclidean distances are measured. */
export interface TrainingPoints {
  /** `[N, E]`, moved so that their mean is 0: the rounding errors of products are in proportion to the points' lengths. */
  readonly points: NdArray<'float32'>;
  /** `[E]`: what was subtracted. */
  readonly centre: NdArray<'float32'>;
  /** `[N]`: the points' squared lengths. */
  readonly squares: Float64Array;
}

/**
 * The points of training rows `x` `[N, D]`; `metric.ts` says what they are.
 * @throws KINDRED_FEATURES_INVALID if squares of distances would not fit into float32
 */
export function trainingPoints(component: string, metric: Metric, { shape, data }: NdArray<'float32'>): TrainingPoints {
  const [rows, columns] = shape as [number, number];
  const width = pointColumns(metric, columns);
  const points = metric === 'cosine' ? unitPoints(data, rows, columns) : data.slice();
  const centre = columnMeans(points, width);
  for (let start = 0; start < points.length; start += width) {
    for (let j = 0; j < width; j++) points[start + j]! -= centre[j]!;
  }
  const all = float32([rows, width], points);
  const squares = squaredLengths(all);
  requireSquares(component, all, squares);
  return { points: all, centre: float32([width], centre), squares };
}

/** Four rows at once: a sum is read and written once for them. */
function columnMeans(points: Float32Array, width: number): Float32Array {
  const sums = new Float64Array(width);
  let start = 0;
  for (; start + 4 * width <= points.length; start += 4 * width) {
    for (let j = 0, i = start; j < width; j++, i++) {
      sums[j]! += points[i]! + points[i + width]! + (points[i + 2 * width]! + points[i + 3 * width]!);
    }
  }
  for (; start < points.length; start += width) for (let j = 0; j < width; j++) sums[j]! += points[start + j]!;
  const rows = points.length / width;
  return Float32Array.from(sums, (sum) => sum / rows);
}

/** Squared distances are at most four times the largest squared length. */
function requireSquares(component: string, { data }: NdArray<'float32'>, squares: Float64Array): void {
  if (squares.every((square) => 4 * square < LARGEST)) return;
  const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  throw new KindredError('KINDRED_FEATURES_INVALID', {
    message: `Features for ${component} must be small enough for squares of their distances in float32. Got a value ${largest.toExponential(1)} away from its column's mean.`,
    received: largest,
    hint: 'Put the transform "standard-scaler" before the detector.',
  });
}

/** `[N, D + 2]`: unit vectors, or a 1 in the column for rows of zeros. */
function unitPoints(data: Float32Array, rows: number, columns: number): Float32Array {
  const points = new Float32Array(rows * (columns + 2));
  for (let row = 0; row < rows; row++) {
    const [from, to] = [row * columns, row * (columns + 2)];
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += data[from + j]! * data[from + j]!;
    if (sum === 0) points[to + columns] = 1;
    const scale = sum === 0 ? 0 : 1 / Math.sqrt(sum);
    for (let j = 0; j < columns; j++) points[to + j] = data[from + j]! * scale;
  }
  return points;
}
