import type { ComponentByKind, ComponentKind } from '../plugin/contract.js';

import type { Check } from './check.js';
import { backboneChecks } from './checks-backbone.js';
import { calibratorChecks } from './checks-calibrator.js';
import { datasetChecks } from './checks-dataset.js';
import { detectorChecks } from './checks-detector.js';
import { engineChecks } from './checks-engine.js';
import { headChecks } from './checks-head.js';
import { lossChecks } from './checks-loss.js';
import { metricChecks } from './checks-metric.js';
import { optimizerChecks } from './checks-optimizer.js';
import { scheduleChecks } from './checks-schedule.js';
import { thresholdChecks } from './checks-threshold.js';
import { transformChecks } from './checks-transform.js';

/** The checks of every kind that has some: with it, everything that a registry holds can be checked. */
export const contractChecks: { readonly [K in ComponentKind]?: readonly Check<ComponentByKind[K]>[] } = {
  dataset: datasetChecks,
  backbone: backboneChecks,
  transform: transformChecks,
  head: headChecks,
  detector: detectorChecks,
  calibrator: calibratorChecks,
  threshold: thresholdChecks,
  loss: lossChecks,
  optimizer: optimizerChecks,
  schedule: scheduleChecks,
  metric: metricChecks,
  engine: engineChecks,
};
