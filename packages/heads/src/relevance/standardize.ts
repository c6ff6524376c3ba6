/** Rows of features in float64, row-major. */
export interface Rows {
  readonly count: number;
  readonly width: number;
  readonly values: Float64Array;
}

export interface Scale {
  /** `[D]` */
  readonly mean: Float64Array;
  /** Standard deviation `[D]`, the population's; 1 of columns that do not vary. */
  readonly deviation: Float64Array;
}

/** Chosen rows of `x` `[N, D]`, as they are. */
export function takeRows(x: { readonly data: Float32Array; readonly width: number }, rows: readonly number[]): Rows {
  const { data, width } = x;
  const values = new Float64Array(rows.length * width);
  rows.forEach((row, i) => {
    values.set(data.subarray(row * width, (row + 1) * width), i * width);
  });
  return { count: rows.length, width, values };
}

/** Mean and deviation of each column, as scikit-learn's StandardScaler. */
export function columnScale({ count, width, values }: Rows): Scale {
  const mean = new Float64Array(width);
  const deviation = new Float64Array(width);
  eachValue(values, width, (value, column) => (mean[column]! += value / count));
  eachValue(values, width, (value, column) => (deviation[column]! += (value - mean[column]!) ** 2 / count));
  for (let column = 0; column < width; column++) {
    const spread = Math.sqrt(deviation[column]!);
    // What float64 leaves of a constant column is no spread.
    deviation[column] = spread > 1e-10 * Math.abs(mean[column]!) ? spread : 1;
  }
  return { mean, deviation };
}

/** Rows with mean 0 and deviation 1 under `scale`. */
export function standardized({ count, width, values }: Rows, { mean, deviation }: Scale): Rows {
  const scaled = new Float64Array(values.length);
  eachValue(values, width, (value, column, i) => (scaled[i] = (value - mean[column]!) / deviation[column]!));
  return { count, width, values: scaled };
}

/** The weights that give for features as they are what `weights` of length D + 1, the last the bias, give for standardised ones. */
export function unscaled(weights: Float64Array, { mean, deviation }: Scale): { kernel: Float64Array; bias: number } {
  const kernel = Float64Array.from(deviation, (spread, column) => weights[column]! / spread);
  const shift = kernel.reduce((sum, value, column) => sum + value * mean[column]!, 0);
  return { kernel, bias: weights[kernel.length]! - shift };
}

function eachValue(
  values: Float64Array,
  width: number,
  visit: (value: number, column: number, i: number) => void,
): void {
  for (let start = 0; start < values.length; start += width) {
    for (let column = 0; column < width; column++) visit(values[start + column]!, column, start + column);
  }
}
