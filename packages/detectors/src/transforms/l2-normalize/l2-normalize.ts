import { defineTransform } from '@kindred/core';
import { z } from 'zod';

import { requireFeatures } from '../../features/require-features.js';
import { unitRows } from '../../features/unit-rows.js';

/** Scales each row to length 1, as scikit-learn's `Normalizer`. A row of zeros stays one. Nothing is learned. */
export const l2Normalize = defineTransform({
  name: 'l2-normalize',
  version: 1,
  summary: 'Scales the feature of each image to length 1.',
  options: z.strictObject({}),
  fit(_, { x }) {
    requireFeatures('l2-normalize', x);
    return Promise.resolve({ tensors: {}, json: {} });
  },
  apply: (_, x) => unitRows(x),
});
