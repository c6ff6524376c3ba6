// Checks of components against their contract
export { runChecks, type Check, type CheckResult } from './check.js';
export { backboneChecks } from './checks-backbone.js';
export { metricChecks } from './checks-metric.js';
export { thresholdChecks } from './checks-threshold.js';
export { transformChecks } from './checks-transform.js';

// What components are handed
export { createTestContext } from './test-context.js';
