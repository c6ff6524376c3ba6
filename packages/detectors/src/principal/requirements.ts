import { KindredError } from '@kindred/core';

import type { Components } from './options.js';

/** Makes sure that there can be as many components as are asked for. @throws KINDRED_FIT_TOO_FEW */
export function requireEnough(component: string, components: Components, rows: number, columns: number): void {
  if (rows < 2) {
    throw new KindredError('KINDRED_FIT_TOO_FEW', {
      message: `Training images for ${component} must be at least 2, as their variance is measured. Got ${rows}.`,
      received: rows,
      hint: 'Add images.',
    });
  }
  const most = Math.min(rows, columns);
  if (typeof components === 'number' && components > most) {
    throw new KindredError('KINDRED_FIT_TOO_FEW', {
      message: `The option 'components' of ${component} must be at most the number of training images and of features, ${rows} and ${columns}. Got ${components}.`,
      received: components,
      hint: `Set 'components' to at most ${most}, to a share of the variance such as 0.95, or to "auto"; or add images.`,
    });
  }
}

/** Makes sure that the images differ at all. @throws KINDRED_FIT_TOO_FEW */
export function requireDifferences(component: string, rows: number, variance: number): void {
  if (variance > 0) return;
  throw new KindredError('KINDRED_FIT_TOO_FEW', {
    message: `Training images for ${component} must differ from each other. Got ${rows} with the same feature.`,
    received: rows,
    hint: 'Check the training set for copies of one image, and the transforms before for an option that makes all alike.',
  });
}
