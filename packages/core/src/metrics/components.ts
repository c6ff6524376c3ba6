import type { Metric } from '../plugin/contract.js';

import { accuracy, hammingLoss, subsetAccuracy } from './accuracy.js';
import { auprOut } from './aupr-out.js';
import { auroc } from './auroc.js';
import { meanAveragePrecision, microAveragePrecision } from './average-precision.js';
import { brier } from './brier.js';
import { expectedCalibrationError } from './expected-calibration-error.js';
import { fprAtTpr } from './fpr-at-tpr.js';
import { f1, precision, recall } from './precision-recall-f1.js';
import { topKHit } from './top-k-hit.js';

/** The metrics that come with core. */
export const metricComponents: readonly Metric[] = [
  meanAveragePrecision,
  microAveragePrecision,
  topKHit,
  precision,
  recall,
  f1,
  auroc,
  hammingLoss,
  accuracy,
  subsetAccuracy,
  auprOut,
  fprAtTpr,
  brier,
  expectedCalibrationError,
];
