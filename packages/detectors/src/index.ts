import { definePlugin } from '@kindred/core';

import { fixed } from './thresholds/fixed/fixed.js';
import { maxF1 } from './thresholds/max-f1/max-f1.js';
import { l2Normalize } from './transforms/l2-normalize/l2-normalize.js';
import { minMax } from './transforms/min-max/min-max.js';
import { standardScaler } from './transforms/standard-scaler/standard-scaler.js';

// Transforms
export { l2Normalize, minMax, standardScaler };

// Thresholds
export { fixed, maxF1 };

export default definePlugin({
  name: '@kindred/detectors',
  apiVersion: 1,
  components: [standardScaler, l2Normalize, minMax, fixed, maxF1],
});
