import { KindredError } from '@kindred/core';

import type { Kernel } from './kernel.js';

/**
 * Makes sure that values of `kernel`, or sums of them, are finite.
 * @throws KINDRED_SCORES_INVALID
 */
export function requireFinite({ kind, gamma, degree, coef0 }: Kernel, values: ArrayLike<number>): void {
  let check = 0;
  // 0 times infinity or NaN is NaN.
  for (let i = 0; i < values.length; i++) check += 0 * values[i]!;
  if (check === 0) return;
  throw new KindredError('KINDRED_SCORES_INVALID', {
    message: `Kernel values of one-class-svm must be finite numbers. Got others from the ${kind} kernel with gamma ${gamma}, degree ${degree} and coef0 ${coef0}.`,
    hint: 'Scale the features (the transform standard-scaler or l2-normalize), or lower gamma or the degree: float32 ends at 3e38.',
  });
}
