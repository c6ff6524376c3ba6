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
  const points = metric === 'cosine' ? unitPoints(data, rows, columns) : data.slice();
  const sums = new Float64Array(width);
  for (let start = 0; start < points.length; start += width) {
    for (let j = 0; j < width; j++) sums[j]! += points[start + j]!;
  }
  const centre = Float32Array.from(sums, (sum) => sum / rows);
  let largest = 0;
  for (let start = 0; start < points.length; start += width) {
    for (let j = 0; j < width; j++) {
      const moved = points[start + j]! - centre[j]!;
      points[start + j] = moved;
      if (moved > largest || -moved > largest) largest = Math.abs(moved);
    }
  }
  requireSquares(component, largest, width);
  return { points: float32([rows, width], points), centre: float32([width], centre) };
}

/** Squared distances are at most four times the largest squared length, `largest` being the largest value of a point. */
function requireSquares(component: string, largest: number, width: number): void {
  if (4 * width * largest ** 2 < LARGEST) return;
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
