/** The option `gamma`: a number, or one of scikit-learn's rules for it. */
export type Gamma = 'scale' | 'auto' | number;

/**
 * The number behind `gamma` for features of so many columns and so much variance over all values: `scale` is `1 / (D var)`, 1 without
 * variance, and `auto` is `1 / D`.
 */
export function resolveGamma(gamma: Gamma, columns: number, variance: number): number {
  if (typeof gamma === 'number') return gamma;
  if (gamma === 'auto') return 1 / columns;
  return variance === 0 ? 1 : 1 / (columns * variance);
}
