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
