import type { Component, ComponentByKind, ComponentKind } from '../plugin/contract.js';

import type { Check } from './check.js';
import { augmentationChecks } from './checks-augmentation.js';
import { backboneChecks } from './checks-backbone.js';
import { calibratorChecks } from './checks-calibrator.js';
import { datasetChecks } from './checks-dataset.js';
import { detectorChecks } from './checks-detector.js';
import { embeddingHeadChecks } from './checks-embedding-head.js';
import { engineChecks } from './checks-engine.js';
import { headChecks } from './checks-head.js';
import { lossChecks } from './checks-loss.js';
import { metricChecks } from './checks-metric.js';
import { optimizerChecks } from './checks-optimizer.js';
import { scheduleChecks } from './checks-schedule.js';
import { thresholdChecks } from './checks-threshold.js';
import { transformChecks } from './checks-transform.js';

/** The checks of every kind that has some. */
export const contractChecks: { readonly [K in ComponentKind]?: readonly Check<ComponentByKind[K]>[] } = {
  dataset: datasetChecks,
  augmentation: augmentationChecks,
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

/** The checks of a component by its kind and tags: with it, everything that a registry holds can be checked. */
export function checksOf(component: Component): readonly Check<Component>[] {
  const checks = component.tags?.embedding === true ? embeddingHeadChecks : contractChecks[component.kind];
  return checks ?? [];
}
