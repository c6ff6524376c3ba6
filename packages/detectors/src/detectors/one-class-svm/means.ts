/** The mean of each column of `x` `[rows, columns]`, row-major. */
export function columnMeans(x: Float32Array, rows: number, columns: number): Float32Array {
  return weightedSum(x, new Float64Array(rows).fill(1 / rows), columns);
}

/** `sum_i weights[i] x[i]` over the rows of `x` `[N, columns]`, added up in float64. */
export function weightedSum(x: Float32Array, weights: Float64Array, columns: number): Float32Array {
  const sums = new Float64Array(columns);
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    for (let j = 0; j < columns; j++) sums[j]! += weight * x[i * columns + j]!;
  }
  return Float32Array.from(sums);
}
