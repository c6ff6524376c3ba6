import type { Calibrator, Detector, Threshold, Transform } from '@kindred/core';
import { calibratorChecks, detectorChecks, thresholdChecks, transformChecks } from '@kindred/core/testing';
import { describe, expect, it } from 'vitest';

import plugin, {
  activationShare,
  boundary,
  energy,
  fixed,
  gaussianMixture,
  isolationForest,
  isotonic,
  l2Normalize,
  localOutlierFactor,
  mahalanobis,
  maxF1,
  maxSoftmax,
  minMax,
  nearestNeighbours,
  none,
  oneClassSvm,
  pca,
  pcaResidual,
  platt,
  quantile,
  standardScaler,
  targetPrecision,
  targetRecall,
  temperature,
} from './index.js';

const transforms: { component: Transform; options: object }[] = [
  { component: standardScaler, options: {} },
  { component: standardScaler, options: { withMean: false } },
  { component: l2Normalize, options: {} },
  { component: minMax, options: {} },
  { component: minMax, options: { range: [-1, 1], clip: true } },
  { component: pca, options: {} },
  { component: pca, options: { components: 3, whiten: true } },
  { component: pca, options: { components: 2, solver: 'randomized' } },
  { component: activationShare, options: {} },
];
const calibrators: { component: Calibrator; options: object }[] = [
  { component: isotonic, options: {} },
  { component: platt, options: {} },
  { component: temperature, options: {} },
  { component: none, options: {} },
];
const detectors: { component: Detector; options: object }[] = [
  { component: energy, options: {} },
  { component: energy, options: { labels: 'exclusive', temperature: 2 } },
  { component: maxSoftmax, options: {} },
  { component: maxSoftmax, options: { labels: 'exclusive', temperature: 2 } },
  { component: oneClassSvm, options: {} },
  { component: oneClassSvm, options: { gamma: 'auto', nu: 0.3 } },
  { component: isolationForest, options: {} },
  { component: isolationForest, options: { contamination: 0.1, maxSamples: 0.5, maxFeatures: 0.5, bootstrap: true } },
  { component: gaussianMixture, options: {} },
  { component: gaussianMixture, options: { components: 2, covariance: 'spherical' } },
  { component: gaussianMixture, options: { covariance: 'tied', init: 'k-means++', starts: 2 } },
  { component: gaussianMixture, options: { covariance: 'full', contamination: 0.1 } },
  { component: nearestNeighbours, options: {} },
  { component: nearestNeighbours, options: { metric: 'cosine', statistic: 'kth' } },
  { component: nearestNeighbours, options: { coreset: 0.3, neighbours: 2 } },
  { component: localOutlierFactor, options: {} },
  { component: localOutlierFactor, options: { metric: 'cosine', contamination: 0.1 } },
  { component: mahalanobis, options: {} },
  { component: mahalanobis, options: { covariance: 'empirical', contamination: 0.1 } },
  { component: pcaResidual, options: {} },
  { component: pcaResidual, options: { components: 2 } },
];
const thresholds: { component: Threshold; options: object }[] = [
  { component: fixed, options: {} },
  { component: boundary, options: {} },
  { component: quantile, options: {} },
  { component: targetPrecision, options: {} },
  { component: targetRecall, options: {} },
  { component: targetRecall, options: { per: 'global', value: 1 } },
  { component: maxF1, options: {} },
  { component: maxF1, options: { per: 'global' } },
  { component: maxF1, options: { minPositives: 1 } },
  { component: maxF1, options: { shrinkage: 0 } },
];

describe('@kindred/detectors', () => {
  it('contributes every component once', () => {
    expect(plugin.name).toBe('@kindred/detectors');
    expect(plugin.components.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'transform standard-scaler',
      'transform l2-normalize',
      'transform min-max',
      'transform pca',
      'transform activation-share',
      'detector one-class-svm',
      'detector isolation-forest',
      'detector gaussian-mixture',
      'detector nearest-neighbours',
      'detector local-outlier-factor',
      'detector mahalanobis',
      'detector pca-residual',
      'detector energy',
      'detector max-softmax',
      'calibrator isotonic',
      'calibrator platt',
      'calibrator temperature',
      'calibrator none',
      'threshold fixed',
      'threshold boundary',
      'threshold quantile',
      'threshold max-f1',
      'threshold target-precision',
      'threshold target-recall',
    ]);
  });
});

describe.each(transforms)('the transform $component.name with $options', ({ component, options }) => {
  it.each(transformChecks)('$name', (check) => check.run(component, options));
});

describe.each(calibrators)('the calibrator $component.name with $options', ({ component, options }) => {
  it.each(calibratorChecks)('$name', (check) => check.run(component, options));
});

describe.each(detectors)('the detector $component.name with $options', ({ component, options }) => {
  it.each(detectorChecks)('$name', (check) => check.run(component, options));
});

describe.each(thresholds)('the threshold $component.name with $options', ({ component, options }) => {
  it.each(thresholdChecks)('$name', (check) => check.run(component, options));
});
