/** Euler's constant, by which harmonic numbers are the logarithm of their index, nearly. */
const EULER_GAMMA = 0.5772156649015329;

/**
 * The mean number of edges on the way to a leaf of an isolation tree grown to the end on `n` samples: that of an unsuccessful search in a
 * binary search tree, c(n) of Liu, Ting and Zhou 2008, with harmonic numbers H(i) as ln i + 0.5772 there and in scikit-learn.
 */
export function averagePathLength(n: number): number {
  if (n <= 1) return 0;
  if (n === 2) return 1;
  return 2 * (Math.log(n - 1) + EULER_GAMMA) - (2 * (n - 1)) / n;
}
