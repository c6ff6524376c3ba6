// The contract of plugins
export * from './plugin/contract.js';
export type * from './plugin/engine-contract.js';
export { refuseCalibration } from './precision/int8-support.js';
export * from './plugin/define.js';
export { componentOption } from './plugin/component-option.js';

// What components are handed
export type { Context } from './context/context.js';
export type { FeatureStore } from './context/feature-store.js';
export type { Logger } from './context/logger.js';
export type { Progress, ProgressStep } from './context/progress.js';
export { createRandom, type Random } from './context/random.js';

// Training
export { createLossEvaluator, type LossEvaluator } from './training/evaluate-loss.js';
export { memoryBatches, type MemoryBatchesOptions } from './training/memory-batches.js';
export { inferenceMode } from './training/mode.js';
export type * from './training/task.js';
export { trainNetwork } from './training/train-network.js';

// Results
export type * from './metrics/evaluation.js';
export { wilsonInterval } from './metrics/wilson-interval.js';

// Arrays and errors
export { hintFor, nearest } from './plugin/nearest.js';
export { layerOf, withLayer } from './tensor/layer-scope.js';
export * from './tensor/nd-array.js';
export { prepareTf, prepareTfGradients, toNdArray, toTensor } from './tensor/tf-runtime.js';
export { requireTrees, type TreeArrays } from './tensor/tree-arrays.js';
export { TREE_ENSEMBLE, treeEnsemble, type Trees } from './tensor/tree-ensemble.js';
export { KindredError, isKindredError, type ErrorDetails } from './errors/kindred-error.js';
export { ERRORS, type ErrorCode } from './errors/table.js';
