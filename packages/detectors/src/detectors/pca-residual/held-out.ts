import { setImmediate } from 'node:timers/promises';

import type { NdArray } from '@kindred/core';

import { rootBelow } from './secular.js';

/** A variance that falls below this share without an image is that image's alone: the others have a component less. */
const LOST = 1e-3;
/** Weights below this share of an image's do not count, but keep roots apart from poles. */
const LEAST_WEIGHT = 1e-14;
/** Images after which others may work. */
const BATCH = 256;

/** Training images and the principal components of all of them. */
export interface Described {
  /** `[N, M]`: deviations from the mean along the components, and along some directions after them. */
  readonly scores: NdArray<'float32'>;
  /** `[N]`: squared lengths of the deviations. */
  readonly squares: Float64Array;
  /** How many of the M directions are components. */
  readonly components: number;
  /** The sum of the squares of the variances of all directions. */
  readonly squaredVariances: number;
}

/**
 * Squared errors `[N]` that the training images would have had under as many components of the others alone, or all that the others have.
 * Without an image the covariance is one of rank one less: its variances are roots of the secular equation (Golub 1973), and what the
 * image has along their directions follows. Exact but for the directions beyond the M, which count as one.
 */
export async function heldOutResiduals(described: Described, signal: AbortSignal): Promise<Float64Array> {
  const { scores, squares, components } = described;
  const [rows = 0, known = 0] = scores.shape;
  const poles = variancesOf(described);
  // Without image d, (N - 1) C becomes (N - 1) C - N / (N - 1) d d^T, and d itself N / (N - 1) d.
  const share = rows / (rows - 1) ** 2;
  const farther = (rows / (rows - 1)) ** 2;
  const weights = new Float64Array(known + 1);
  const result = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    if (i % BATCH === 0) {
      await setImmediate();
      signal.throwIfAborted();
    }
    weigh(weights, scores.data.subarray(i * known, (i + 1) * known), squares[i]!);
    const lost = components === known && losesDirection(poles, weights, rows, share);
    let sum = lost ? weightAtZero(poles, weights, share) : 0;
    for (let k = components; k <= known && !lost; k++) sum += rootBelow(poles, weights, k, share).weight;
    result[i] = farther * sum;
  }
  return result;
}

/** `[M + 1]`, descending: along the directions, and in the mean along those beyond, by what they weigh. */
function variancesOf({ scores, squares, squaredVariances }: Described): Float64Array {
  const [rows = 0, known = 0] = scores.shape;
  const variances = new Float64Array(known + 1);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < known; j++) variances[j]! += scores.data[i * known + j]! ** 2;
  }
  let [sum, sumOfSquares] = [squares.reduce((all, square) => all + square, 0) / (rows - 1), squaredVariances];
  for (let j = 0; j < known; j++) {
    variances[j]! /= rows - 1;
    // Measured again, they may differ from descending ones by rounding.
    variances[j] = Math.min(variances[j]!, variances[j - 1] ?? Infinity);
    sum -= variances[j]!;
    sumOfSquares -= variances[j]! ** 2;
  }
  const beyond = sum > 0 ? Math.max(0, sumOfSquares) / sum : 0;
  variances[known] = Math.min(beyond, variances[known - 1]!);
  return variances;
}

function weigh(weights: Float64Array, scores: Float32Array, squares: number): void {
  let rest = squares;
  for (let j = 0; j < scores.length; j++) {
    const square = scores[j]! * scores[j]!;
    rest -= square;
    weights[j] = square + LEAST_WEIGHT * squares;
  }
  weights[scores.length] = Math.max(0, rest) + LEAST_WEIGHT * squares;
}

/** Whether the other images span a direction less. Any image does that where they are one more than the directions. */
function losesDirection(poles: Float64Array, weights: Float64Array, rows: number, share: number): boolean {
  const last = poles.length - 2;
  return last === rows - 2 || rootBelow(poles, weights, last, share).value <= LOST * poles[last]!;
}

/** What an image has along the direction that only it spans: where 0 is a root, which rounding would move. */
function weightAtZero(poles: Float64Array, weights: Float64Array, share: number): number {
  let slope = 0;
  for (let j = 0; j < poles.length - 1; j++) slope += weights[j]! / poles[j]! ** 2;
  return 1 / (share * share * slope);
}
