import type { Covariance } from './mixture.js';

/** Free parameters of a mixture of K Gaussians in D dimensions. */
export function parameterCount(covariance: Covariance, components: number, columns: number): number {
  const matrix = (columns * (columns + 1)) / 2;
  const covariances = {
    spherical: components,
    diagonal: components * columns,
    tied: matrix,
    full: components * matrix,
  };
  return covariances[covariance] + components * columns + components - 1;
}

/** Information criteria of a fit: the lower the better. */
export interface Criteria {
  readonly bic: number;
  readonly aic: number;
}

/** BIC (Schwarz 1978) and AIC (Akaike 1974) of `rows` images of mean `logLikelihood` under a mixture of `parameters` parameters. */
export function criteria(logLikelihood: number, rows: number, parameters: number): Criteria {
  const fit = -2 * logLikelihood * rows;
  return { bic: fit + parameters * Math.log(rows), aic: fit + 2 * parameters };
}
