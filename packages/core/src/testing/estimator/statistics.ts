/** The chance that one of `high` is above one of `low`, a tie counting one half: the area under the ROC curve. */
export function areaAbove(high: ArrayLike<number>, low: ArrayLike<number>): number {
  let wins = 0;
  for (let i = 0; i < high.length; i++) {
    for (let j = 0; j < low.length; j++) wins += high[i]! > low[j]! ? 1 : high[i] === low[j] ? 0.5 : 0;
  }
  return wins / (high.length * low.length);
}

/** Spearman's rank correlation; equal values share the mean of their ranks. NaN where all are equal. */
export function rankCorrelation(one: ArrayLike<number>, other: ArrayLike<number>): number {
  const [a, b] = [ranks(one), ranks(other)];
  // Ranks of n values, shared or not, have the mean (n - 1) / 2.
  const mean = (a.length - 1) / 2;
  let [product, squaresA, squaresB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    product += (a[i]! - mean) * (b[i]! - mean);
    squaresA += (a[i]! - mean) ** 2;
    squaresB += (b[i]! - mean) ** 2;
  }
  return product / Math.sqrt(squaresA * squaresB);
}

/** Root of the mean squared difference. */
export function distance(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < one.length; i++) squares += (one[i]! - other[i]!) ** 2;
  return Math.sqrt(squares / one.length);
}

/** Standard deviation, the population's. */
export function spread(values: ArrayLike<number>): number {
  const mean = Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
  return distance(values, new Float64Array(values.length).fill(mean));
}

function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((i, j) => values[i]! - values[j]!);
  const result = new Float64Array(values.length);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let i = start; i < end; i++) result[order[i]!] = (start + end - 1) / 2;
    start = end;
  }
  return result;
}
