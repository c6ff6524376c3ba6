import { KindredError } from '@kindred/core';

/** A covariance of gaussian-mixture that has no inverse. */
export function singularError(regularization: number): KindredError {
  return new KindredError('KINDRED_FIT_SINGULAR', {
    message: `Covariances of gaussian-mixture must have an inverse. Got a singular one with regularization ${regularization}: a feature that does not vary, fewer images than features, or images that are equal.`,
    received: regularization,
    hint: 'Raise "regularization" (1e-6 is the default), scale the features, reduce them by "pca", or take fewer components.',
  });
}
