/** The option `gamma`: a number, or one of scikit-learn's rules for it. */
export type Gamma = 'scale' | 'auto' | number;

/**
 * The number behind `gamma` for features `x` `[N, columns]`: `scale` is `1 / (D var(x))` over all values, 1 if they are all equal, and
 * `auto` is `1 / D`.
 */
export function resolveGamma(gamma: Gamma, x: Float32Array, columns: number): number {
  if (typeof gamma === 'number') return gamma;
  if (gamma === 'auto') return 1 / columns;
  const variance = varianceOf(x);
  return variance === 0 ? 1 : 1 / (columns * variance);
}

/** The population's variance of all values, in two passes. */
function varianceOf(x: Float32Array): number {
  // From the first value on: what is equal everywhere has the variance 0, whatever rounding makes of its mean.
  const first = x[0]!;
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! - first;
  const mean = sum / x.length;
  let squares = 0;
  for (let i = 0; i < x.length; i++) {
    const difference = x[i]! - first - mean;
    squares += difference * difference;
  }
  return squares / x.length;
}
