import path from 'node:path';

import { savePipeline } from '../bundle/save-pipeline.js';
import { checkTarget } from '../bundle/write.js';
import { openScope } from '../pipeline/open-scope.js';
import { planPipeline } from '../pipeline/plan.js';
import { trainPipeline } from '../pipeline/train.js';

import type { CheckedManifest } from './check.js';
import type { Host, TrainResult } from './types.js';
import { withScope } from './with-scope.js';

/**
 * Trains a pipeline, measures it on its test part and saves it as a bundle in the folder `out`; a bundle there is replaced.
 * With `search`, the manifest's search comes first; the bundle's manifest has the options that it took.
 * If training diverges, what was good until then is saved beside it as `out.partial`, a bundle like any other.
 * @throws KINDRED_DATA_*, KINDRED_IMAGE_*, KINDRED_TRAIN_NAN, KINDRED_BUNDLE_*, KINDRED_ABORTED, ...
 */
export async function train(
  { manifest, registry, baseDir }: CheckedManifest,
  { out, search = false }: { readonly out: string; readonly search?: boolean },
  host: Host,
): Promise<TrainResult> {
  const bundle = path.resolve(out);
  await checkTarget(bundle);
  const plan = planPipeline(manifest, registry, baseDir);
  return withScope(openScope(plan, host), host, async (scope) => {
    const trained = await trainPipeline(scope, { search });
    host.signal.throwIfAborted();
    const { diverged } = trained;
    if (diverged) {
      const partial = `${bundle}.partial`;
      await checkTarget(partial);
      await savePipeline(scope, trained, partial);
      throw diverged.withHint(
        `What was good, the weights after epoch ${diverged.kept?.epoch}, is the bundle ${partial}.`,
      );
    }
    await savePipeline(scope, trained, bundle);
    return { bundle, ...trained.result };
  });
}
