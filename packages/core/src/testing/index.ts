// Checks of components against their contract
export { runChecks, type Check, type CheckResult } from './check.js';
export { augmentationChecks } from './checks-augmentation.js';
export { backboneChecks } from './checks-backbone.js';
export { calibratorChecks } from './checks-calibrator.js';
export { checksOf, contractChecks } from './contract-checks.js';
export { datasetChecks } from './checks-dataset.js';
export { detectorChecks } from './checks-detector.js';
export { embeddingHeadChecks } from './checks-embedding-head.js';
export { engineChecks } from './checks-engine.js';
export { headChecks } from './checks-head.js';
export { lossChecks } from './checks-loss.js';
export { metricChecks } from './checks-metric.js';
export { optimizerChecks } from './checks-optimizer.js';
export { scheduleChecks } from './checks-schedule.js';
export { thresholdChecks } from './checks-threshold.js';
export { transformChecks } from './checks-transform.js';

// What components are handed
export { createEagerEngine } from './eager-engine.js';
export { createTestContext } from './test-context.js';
