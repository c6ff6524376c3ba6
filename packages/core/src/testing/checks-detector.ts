import type { Detector } from '../plugin/contract.js';

import type { Check } from './check.js';
import { detectorFormChecks } from './detector/form-checks.js';
import { detectorStatisticalChecks } from './detector/statistical-checks.js';

/**
 * What every detector must do, on 120 images of 8 features (8 logits, if it `needsLogits`). Everything is seeded: a detector passes or fails
 * them for good.
 */
export const detectorChecks: readonly Check<Detector>[] = [...detectorFormChecks, ...detectorStatisticalChecks];
