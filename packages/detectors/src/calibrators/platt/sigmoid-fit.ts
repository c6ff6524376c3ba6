import { type Column, countKinds } from '../data/calibration-data.js';

/** The probability of a score is `1 / (1 + exp(-(slope * (score - centre) + intercept)))`. */
export interface Sigmoid {
  /** The mean score: sums of large scores and a large intercept would lose digits in float32. */
  readonly centre: number;
  readonly slope: number;
  readonly intercept: number;
}

const ITERATIONS = 100;
/** The largest mean gradient, of scores in standard deviations, that counts as none. */
const TOLERANCE = 1e-12;

/**
 * The sigmoid that makes the truth most likely, with Platt's targets `(n + 1) / (n + 2)` and `1 / (n + 2)` instead of 1 and 0, by Newton's
 * method with backtracking (Platt 1999; Lin, Lin and Weng 2007). Equal scores give the slope 0.
 */
export function sigmoidFit(column: Column): Sigmoid {
  const { positives, negatives } = countKinds(column);
  const { values, centre, scale } = standardized(column.scores);
  const soft = [1 / (negatives + 2), (positives + 1) / (positives + 2)] as const;
  const targets = Float64Array.from(column.targets, (target) => soft[target as 0 | 1]);

  let [slope, intercept] = [0, Math.log((positives + 1) / (negatives + 1))];
  let loss = lossOf(values, targets, slope, intercept);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const { gradient, step } = newtonStep(values, targets, slope, intercept);
    if (Math.hypot(...gradient) <= TOLERANCE * values.length) break;
    // The loss is convex: a short enough step does not raise it, until rounding is all that is left of the difference.
    let length = 1;
    let next = loss;
    for (; length > 1e-10; length /= 2) {
      next = lossOf(values, targets, slope + length * step[0], intercept + length * step[1]);
      if (next <= loss) break;
    }
    if (!(next <= loss)) break;
    slope += length * step[0];
    intercept += length * step[1];
    loss = next;
  }
  return { centre, slope: slope / scale, intercept };
}

/** Scores as float64 with mean 0 and standard deviation 1; equal scores as zeros. */
function standardized(scores: Float32Array): { values: Float64Array; centre: number; scale: number } {
  const centre = Math.fround(scores.reduce((sum, score) => sum + score, 0) / scores.length);
  const values = Float64Array.from(scores, (score) => score - centre);
  const equal = scores.every((score) => score === scores[0]);
  const scale = equal ? 1 : Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
  return { values: values.map((value) => (equal ? 0 : value / scale)), centre, scale };
}

function lossOf(values: Float64Array, targets: Float64Array, slope: number, intercept: number): number {
  let loss = 0;
  for (let i = 0; i < values.length; i++) {
    const logit = slope * values[i]! + intercept;
    loss += Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit))) - targets[i]! * logit;
  }
  return loss;
}

type Pair = readonly [slope: number, intercept: number];

function newtonStep(
  values: Float64Array,
  targets: Float64Array,
  slope: number,
  intercept: number,
): { gradient: Pair; step: Pair } {
  let [g0, g1] = [0, 0];
  // Curvature that sigmoids near 0 and 1 have lost to rounding: what Lin, Lin and Weng add.
  let [h00, h01, h11] = [1e-12, 0, 1e-12];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const probability = 1 / (1 + Math.exp(-(slope * value + intercept)));
    const error = probability - targets[i]!;
    const weight = probability * (1 - probability);
    g0 += error * value;
    g1 += error;
    h00 += weight * value ** 2;
    h01 += weight * value;
    h11 += weight;
  }
  const determinant = h00 * h11 - h01 ** 2;
  return {
    gradient: [g0, g1],
    step: [-(h11 * g0 - h01 * g1) / determinant, -(h00 * g1 - h01 * g0) / determinant],
  };
}
