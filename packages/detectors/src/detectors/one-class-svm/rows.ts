import { float32, type NdArray } from '@kindred/core';

export const pick = (values: Float64Array, places: Int32Array): Float64Array =>
  Float64Array.from(places, (place) => values[place]!);

/** The rows whose weight is not 0, and their weights; `weights[i]` is that of `rows[i]`. */
export function weighted(rows: Int32Array, weights: Float64Array): [rows: Int32Array, weights: Float64Array] {
  return [rows.filter((_, i) => weights[i] !== 0), weights.filter((weight) => weight !== 0)];
}

/** `rows` less those in `left`. */
export function without(rows: Int32Array, left: Int32Array): Int32Array {
  const out = new Set(left);
  return rows.filter((row) => !out.has(row));
}

/** Weights, one for each of `order`'s rows at the row's index: 1 on the first of them, as far as `total` goes. */
export function filled(order: Int32Array, total: number): Float64Array {
  const weights = new Float64Array(order.length);
  for (let i = 0; i < order.length && i < total; i++) weights[order[i]!] = Math.min(1, total - i);
  return weights;
}

/** `count` rows of `x` `[N, D]` from place `start` of `rows` on, `[count, D]`; those past the end are zero. */
export function gathered(
  { data, shape }: NdArray<'float32'>,
  rows: Int32Array,
  start = 0,
  count = rows.length,
): NdArray<'float32'> {
  const columns = shape[1]!;
  const result = float32([count, columns]);
  const end = Math.min(rows.length, start + count);
  for (let place = start; place < end; place++) {
    const from = rows[place]! * columns;
    result.data.set(data.subarray(from, from + columns), (place - start) * columns);
  }
  return result;
}

/** `sum_i weights[i] x[i]` over the rows of `x` `[N, D]`, added up in float64. */
export function weightedSum({ data, shape }: NdArray<'float32'>, weights: Float64Array): Float32Array {
  const columns = shape[1]!;
  const sums = new Float64Array(columns);
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    for (let j = 0; j < columns; j++) sums[j]! += weight * data[i * columns + j]!;
  }
  return Float32Array.from(sums);
}
