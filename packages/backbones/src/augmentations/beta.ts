import type { Random } from '@kindred/core';

/** A number of Beta(alpha, alpha), in [0, 1]. For alpha near 0 mostly about 0 or 1, for 1 uniform, for large alpha about one half. */
export function symmetricBeta(random: Random, alpha: number): number {
  // x / (x + y) of two gammas, by their logarithms: for small alpha both may be too small for a float64.
  return 1 / (1 + Math.exp(logGamma(random, alpha) - logGamma(random, alpha)));
}

/**
 * The logarithm of a number of Gamma(shape, 1). Marsaglia and Tsang 2000, "A Simple Method for Generating Gamma Variables",
 * ACM Transactions on Mathematical Software 26; below a shape of 1, that of shape + 1 times a power of a uniform number.
 */
function logGamma(random: Random, shape: number): number {
  const boost = shape < 1 ? Math.log(1 - random.next()) / shape : 0;
  const d = (shape < 1 ? shape + 1 : shape) - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random.next()) < x ** 2 / 2 + d * (1 - v + Math.log(v))) return boost + Math.log(d * v);
  }
}
