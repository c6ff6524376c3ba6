/** Spreads below the smallest normal float32 are none to an engine that flushes smaller numbers to zero. */
const SMALLEST_SPREAD = 2 ** -126;

/** Mean and standard deviation (the population's) of each column. */
export interface Moments {
  readonly mean: Float64Array;
  /** 1 for a constant column, so that dividing by it changes nothing. */
  readonly scale: Float64Array;
}

/** Moments of the columns of `x` `[rows, columns]`, row-major, by the corrected two-pass method (Chan, Golub, LeVeque 1983). */
export function columnMoments(x: Float32Array, rows: number, columns: number): Moments {
  const mean = new Float64Array(columns);
  for (let i = 0; i < x.length; i++) mean[i % columns]! += x[i]! / rows;

  const squares = new Float64Array(columns);
  const rests = new Float64Array(columns);
  for (let i = 0; i < x.length; i++) {
    const difference = x[i]! - mean[i % columns]!;
    squares[i % columns]! += difference * difference;
    rests[i % columns]! += difference;
  }
  // What rounding left in the mean would otherwise look like variance.
  const scale = squares.map((square, j) => {
    const variance = Math.max(0, square - rests[j]! ** 2 / rows) / rows;
    const deviation = Math.sqrt(variance);
    return isConstant(variance, mean[j]!, rows) || deviation < SMALLEST_SPREAD ? 1 : deviation;
  });
  return { mean, scale };
}

/** Whether the variance is within the rounding error of a constant column's: the bound that scikit-learn uses. */
function isConstant(variance: number, mean: number, rows: number): boolean {
  return variance <= rows * Number.EPSILON * variance + (rows * mean * Number.EPSILON) ** 2;
}
