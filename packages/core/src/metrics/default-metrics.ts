import { accuracy, hammingLoss, subsetAccuracy } from './accuracy.js';
import { auprOut } from './aupr-out.js';
import { auroc } from './auroc.js';
import { meanAveragePrecision, microAveragePrecision } from './average-precision.js';
import { brier } from './brier.js';
import { expectedCalibrationError } from './expected-calibration-error.js';
import { fprAtTpr } from './fpr-at-tpr.js';
import { namedMetric, type NamedMetric } from './named-metric.js';
import { f1, precision, recall } from './precision-recall-f1.js';
import { topKHit } from './top-k-hit.js';

/** What is reported of a multi-label head unless the manifest says otherwise; headline metrics first. */
export const defaultMultiLabelMetrics: readonly NamedMetric[] = [
  namedMetric('mAP', meanAveragePrecision, {}),
  // Average precision of a handful of positives is mostly noise, and all labels count the same in the mean.
  namedMetric('mAP (labels with 20+ images)', meanAveragePrecision, { minPositives: 20 }),
  namedMetric('micro-AP', microAveragePrecision, {}),
  namedMetric('top-3 hit', topKHit, { k: 3 }),
  namedMetric('micro-F1', f1, { average: 'micro' }),
  namedMetric('macro-F1', f1, { average: 'macro' }),
  namedMetric('micro-precision', precision, { average: 'micro' }),
  namedMetric('micro-recall', recall, { average: 'micro' }),
  namedMetric('macro-precision', precision, { average: 'macro' }),
  namedMetric('macro-recall', recall, { average: 'macro' }),
  namedMetric('AUROC', auroc, {}),
  namedMetric('Hamming loss', hammingLoss, {}),
  namedMetric('accuracy', accuracy, {}),
  namedMetric('subset accuracy', subsetAccuracy, {}),
];

/**
 * What is reported of a head of two labels that exclude each other. Label by label or image by image, accuracy is then the same: a decision is
 * right for both labels or for neither.
 */
export const defaultTwoLabelMetrics: readonly NamedMetric[] = [
  namedMetric('accuracy', { ...accuracy, headline: true }, {}),
  namedMetric('mAP', meanAveragePrecision, {}),
  namedMetric('AUROC', auroc, {}),
  namedMetric('macro-F1', f1, { average: 'macro' }),
  namedMetric('macro-precision', precision, { average: 'macro' }),
  namedMetric('macro-recall', recall, { average: 'macro' }),
];

/**
 * What is reported of a detector: its scores `[N, 1]` under the one label `normal`, targets of 1 for normal images, decisions at its
 * threshold. Headline metrics first; they tell the two kinds of images apart at any threshold, or at one of their own.
 */
export const defaultOneClassMetrics: readonly NamedMetric[] = [
  // With one label there is no mean to hide in: the area itself is what a detector is judged by.
  namedMetric('AUROC', { ...auroc, headline: true }, {}),
  namedMetric('AUPR normal', meanAveragePrecision, {}),
  namedMetric('AUPR other', auprOut, {}),
  namedMetric('FPR at 95 % TPR', fprAtTpr, { tpr: 0.95 }),
  namedMetric('F1', f1, {}),
  namedMetric('accuracy', accuracy, {}),
];

/** What is reported of calibrated probabilities `[N, L]`. */
export const defaultCalibrationMetrics: readonly NamedMetric[] = [
  namedMetric('ECE', expectedCalibrationError, {}),
  namedMetric('Brier score', brier, {}),
];
