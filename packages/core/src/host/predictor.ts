import { PLAN } from '../container/tokens.js';
import { readGallery } from '../gallery/file.js';
import { preparePipeline } from '../pipeline/predict.js';

import { staleBranches } from '../pipeline/stale.js';

import { openBundle } from './open-bundle.js';
import type { Host, Predictor } from './types.js';

/**
 * Makes a bundle ready to predict with.
 * @throws KINDRED_BUNDLE_*, KINDRED_GALLERY_INVALID, KINDRED_MANIFEST_INVALID if its components are not installed, KINDRED_WEIGHTS_*
 */
export async function openPredictor(folder: string, host: Host): Promise<Predictor> {
  const { bundle, scope } = await openBundle(folder, host);
  try {
    const pipeline = await preparePipeline(scope, bundle.state, await readGallery(bundle.folder));
    const { manifest, branches } = scope.resolve(PLAN);
    return {
      name: manifest.name,
      branches: Object.keys(manifest.branches),
      stale: staleBranches(branches, bundle.state.branches),
      predict: (samples) => pipeline.predict(samples),
      dispose: () => scope.dispose(),
    };
  } catch (error) {
    await scope.dispose();
    throw error;
  }
}
