import { definePlugin } from '@kindred/core';

import { isotonic } from './calibrators/isotonic/isotonic.js';
import { none } from './calibrators/none/none.js';
import { platt } from './calibrators/platt/platt.js';
import { temperature } from './calibrators/temperature/temperature.js';
import { energy } from './detectors/energy/energy.js';
import { gaussianMixture } from './detectors/gaussian-mixture/gaussian-mixture.js';
import { isolationForest } from './detectors/isolation-forest/isolation-forest.js';
import { localOutlierFactor } from './detectors/local-outlier-factor/local-outlier-factor.js';
import { maxSoftmax } from './detectors/max-softmax/max-softmax.js';
import { mahalanobis } from './detectors/mahalanobis/mahalanobis.js';
import { nearestNeighbours } from './detectors/nearest-neighbours/nearest-neighbours.js';
import { oneClassSvm } from './detectors/one-class-svm/one-class-svm.js';
import { boundary } from './thresholds/boundary/boundary.js';
import { pcaResidual } from './detectors/pca-residual/pca-residual.js';
import { fixed } from './thresholds/fixed/fixed.js';
import { maxF1 } from './thresholds/max-f1/max-f1.js';
import { quantile } from './thresholds/quantile/quantile.js';
import { targetPrecision } from './thresholds/target-precision/target-precision.js';
import { targetRecall } from './thresholds/target-recall/target-recall.js';
import { activationShare } from './transforms/activation-share/activation-share.js';
import { l2Normalize } from './transforms/l2-normalize/l2-normalize.js';
import { minMax } from './transforms/min-max/min-max.js';
import { pca } from './transforms/pca/pca.js';
import { standardScaler } from './transforms/standard-scaler/standard-scaler.js';

// Transforms
export { activationShare, l2Normalize, minMax, pca, standardScaler };

// Detectors
export {
  energy,
  gaussianMixture,
  isolationForest,
  localOutlierFactor,
  mahalanobis,
  maxSoftmax,
  nearestNeighbours,
  oneClassSvm,
  pcaResidual,
};

// Calibrators
export { isotonic, none, platt, temperature };

// Thresholds
export { boundary, fixed, maxF1, quantile, targetPrecision, targetRecall };

export default definePlugin({
  name: '@kindred/detectors',
  apiVersion: 1,
  components: [
    standardScaler,
    l2Normalize,
    minMax,
    pca,
    activationShare,
    oneClassSvm,
    isolationForest,
    gaussianMixture,
    nearestNeighbours,
    localOutlierFactor,
    mahalanobis,
    pcaResidual,
    energy,
    maxSoftmax,
    isotonic,
    platt,
    temperature,
    none,
    fixed,
    boundary,
    quantile,
    maxF1,
    targetPrecision,
    targetRecall,
  ],
});
