// From manifest to bundle
export { checkManifest, checkManifestText, loadRegistry, type CheckedManifest } from './check.js';
export { train, type TrainOptions } from './train.js';
export type { SavedTraining } from '../checkpoint/folder-checkpoints.js';
export type { FilledBranch, FilledManifest } from '../manifest/filled.js';
export { manifestJsonSchema } from '../manifest/json-schema.js';
export { DEFAULT_PLUGINS } from '../manifest/schema.js';
export { knownComponents } from '../plugin/known-components.js';
export type { ComponentListing, Registered, Registry } from '../plugin/registry.js';

// From bundle to answers
export { evaluate, type EvaluateOptions } from './evaluate.js';
export { openPredictor } from './predictor.js';
export * from './gallery.js';
export { fileSample } from './file-sample.js';

// What a host provides
export * from './types.js';
export { createLogger, noProgress, silentLogger } from './logging.js';
export { defaultCacheDir } from './cache-dir.js';
export { wrapError } from './wrap-error.js';
export { coreVersion } from '../bundle/core-version.js';

// Parts for tools and benchmarks
export { decodedBatches } from '../features/decoded-batches.js';
export { extractFeatures } from '../features/extract.js';
export type { ExtractedFeatures, ExtractOptions } from '../features/extract-options.js';
export { createMemoryFeatureStore } from '../features/memory-store.js';
