import path from 'node:path';

import { savePipeline } from '../bundle/save-pipeline.js';
import { checkTarget } from '../bundle/write.js';
import { FolderCheckpoints, type SavedTraining } from '../checkpoint/folder-checkpoints.js';
import type { Scope } from '../container/scope.js';
import { CHECKPOINTS } from '../container/tokens.js';
import { isKindredError } from '../errors/kindred-error.js';
import { openScope } from '../pipeline/open-scope.js';
import type { KeptPipeline } from '../pipeline/kept.js';
import { planPipeline } from '../pipeline/plan.js';
import { trainPipeline } from '../pipeline/train.js';

import type { CheckedManifest } from './check.js';
import { keepBranches } from './kept-branches.js';
import type { Host, TrainResult } from './types.js';
import { withScope } from './with-scope.js';

export interface TrainOptions {
  /** The bundle's folder. */
  readonly out: string;
  /** Try the manifest's search first, and train with the best. */
  readonly search?: boolean;
  /**
   * Go on from the checkpoint that a run with the same manifest, data and versions left, to the result that it would have had. Without one,
   * training begins at the beginning.
   */
  readonly resume?: boolean;
  /** Train these branches alone; the others stay as they are in the bundle that lies at `out`. Left out: all. */
  readonly branches?: readonly string[];
  /** Told whenever more of the training is safe on disk. */
  onSaved?(this: void, saved: SavedTraining): void;
}

/**
 * Trains a pipeline, measures it on its test part and saves it as a bundle in the folder `out`; a bundle there is replaced.
 * With `search`, the manifest's search comes first; the bundle's manifest has the options that it took.
 * After each epoch all that training holds is kept in `out.checkpoint`, until the bundle is there.
 * If training diverges, what was good until then is saved beside it as `out.partial`, a bundle like any other.
 * @throws KINDRED_DATA_*, KINDRED_IMAGE_*, KINDRED_TRAIN_NAN, KINDRED_CHECKPOINT_INVALID, KINDRED_BUNDLE_*, KINDRED_ABORTED, ...
 */
export async function train(
  { manifest, registry, baseDir }: CheckedManifest,
  { out, search = false, resume = false, branches, onSaved }: TrainOptions,
  host: Host,
): Promise<TrainResult> {
  const bundle = path.resolve(out);
  await checkTarget(bundle);
  const kept = branches && (await keepBranches(bundle, { manifest }, branches, host));
  const plan = planPipeline(manifest, registry, baseDir);
  const { log } = host;
  const checkpoints = new FolderCheckpoints({
    folder: `${bundle}.checkpoint`,
    resume,
    log,
    ...(onSaved && { onSaved }),
  });
  // What a search takes is known after it alone.
  await checkpoints.open(search ? undefined : manifest);
  return withScope(openScope(plan, host), host, async (services) => {
    const scope = services.derive().provide(CHECKPOINTS, { create: () => checkpoints });
    const result = await trainAndSave(scope, bundle, { search, kept, signal: host.signal }).catch(
      async (error: unknown) => {
        // It would happen again: the same numbers lead to the same end.
        if (isKindredError(error) && error.code === 'KINDRED_TRAIN_NAN') await checkpoints.discard();
        throw error;
      },
    );
    await checkpoints.discard();
    return result;
  });
}

async function trainAndSave(
  scope: Scope,
  bundle: string,
  {
    signal,
    ...options
  }: { readonly search: boolean; readonly kept: KeptPipeline | undefined; readonly signal: AbortSignal },
): Promise<TrainResult> {
  const trained = await trainPipeline(scope, options);
  signal.throwIfAborted();
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
}
