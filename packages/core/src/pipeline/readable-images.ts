import type { Scope } from '../container/scope.js';
import { FEATURE_STORE, HOST, PLAN } from '../container/tokens.js';
import type { ExtractedFeatures } from '../features/extract-options.js';
import type { FeatureSummary } from '../host/types.js';
import type { BackboneModel, Sample } from '../plugin/contract.js';

import { computeFeatures } from './backbone.js';
import { inspectImages } from './inspect.js';
import { storedStem, type StoredStem } from './stored-stem.js';
import { stemAsBackbone } from './whole-backbone.js';

/** Images that a backbone can be trained with, and what its stem gave for them. */
export interface ReadableImages extends Pick<ExtractedFeatures, 'kept' | 'hashes' | 'skipped'> {
  /** Absent where there is no stem, or images are changed in every epoch. */
  readonly stored?: StoredStem;
  readonly summary?: FeatureSummary;
}

/**
 * Reads every image once: what the stem gives for it goes to the store, where it is not there yet. Without a stem it is only looked
 * whether it decodes, before hours of training.
 * @throws KINDRED_IMAGE_* with the bad images as `issues` if the manifest's `onError` is "fail"
 */
export async function readableImages(
  scope: Scope,
  model: BackboneModel,
  samples: readonly Sample[],
): Promise<ReadableImages> {
  const { manifest, augmentation, backbone } = scope.resolve(PLAN);
  const { limitInputPixels, onError } = manifest.data;
  if (!model.stem || augmentation.length > 0) {
    return inspectImages(samples, { spec: model.input, limitInputPixels, onError }, scope.resolve(HOST));
  }
  const { stats, ...read } = await computeFeatures(scope, stemAsBackbone(model, model.stem), samples, {
    onError,
    keep: false,
    task: `computing the frozen layers of ${backbone.component.name}`,
  });
  return { ...read, summary: stats, stored: storedStem(model.stem, scope.resolve(FEATURE_STORE)) };
}
