/** The logarithm of 1e-12: smaller shares of a row count as none. They change no digit of float32 means, and would cost as much as others. */
const NO_SHARE = -27.6;

/** What the E step gives: float32 responsibilities `[N, K]` for products, and the rows' log-likelihoods `[N]`. */
export interface Expectation {
  readonly responsibilities: Float32Array;
  readonly logLikelihoods: Float64Array;
}

/**
 * The E step: with squared Mahalanobis `distances` `[N, K]` and `offsets` `[K]` (`logOffsets`), by log-sum-exp in float64. A row so far
 * from all components that its densities underflow still belongs to one.
 */
export function expectation(distances: Float32Array, offsets: Float64Array): Expectation {
  const components = offsets.length;
  const rows = distances.length / components;
  const responsibilities = new Float32Array(distances.length);
  const logLikelihoods = new Float64Array(rows);
  const logs = new Float64Array(components);
  for (let i = 0; i < rows; i++) {
    let largest = -Infinity;
    for (let k = 0; k < components; k++) {
      const log = offsets[k]! - distances[i * components + k]! / 2;
      logs[k] = log;
      if (log > largest) largest = log;
    }
    let sum = 0;
    for (let k = 0; k < components; k++) {
      const log = logs[k]! - largest;
      // Comparing so keeps what is not a number.
      sum += logs[k] = log < NO_SHARE ? 0 : Math.exp(log);
    }
    for (let k = 0; k < components; k++) responsibilities[i * components + k] = logs[k]! / sum;
    logLikelihoods[i] = largest + Math.log(sum);
  }
  return { responsibilities, logLikelihoods };
}

export function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
