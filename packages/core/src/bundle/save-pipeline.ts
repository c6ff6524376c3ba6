import path from 'node:path';

import type { Scope } from '../container/scope.js';
import { ENGINE } from '../container/tokens.js';
import { dataFingerprint } from '../data/fingerprint.js';
import { boundComponents } from '../pipeline/plan.js';
import type { TrainedPipeline } from '../pipeline/train.js';
import { encodeSafetensors } from '../tensor/safetensors.js';

import { coreVersion } from './core-version.js';
import { activationsFile, BUNDLE_FORMAT, MANIFEST_FILE, METRICS_FILE, STATE_FILE, STATE_TENSORS } from './format.js';
import { encodeState } from './state-codec.js';
import { jsonText, writeBundle } from './write.js';

/** Saves what was trained. Nothing in a bundle depends on time or place: the same run gives the same bytes. */
export async function savePipeline(scope: Scope, trained: TrainedPipeline, folder: string): Promise<void> {
  const { plan } = trained;
  const engine = await scope.resolve(ENGINE);
  const { json, tensors } = encodeState(trained.state);
  const { data, precision, search, evaluations, activations, history, notes } = trained.result;
  const { skipped, ...counts } = data;
  const metrics = {
    format: 1,
    data: { ...counts, skipped: skipped.map(({ id, error }) => ({ id, code: error.code })) },
    ...(precision && { precision }),
    ...(search && { search }),
    evaluations,
    ...(activations && { activations }),
    history,
    notes,
  };
  const { fingerprint, source } = trained.model;
  await writeBundle(
    folder,
    {
      format: BUNDLE_FORMAT,
      kindred: coreVersion(),
      engine: { name: engine.name, ...engine.describe() },
      seed: plan.manifest.seed,
      components: boundComponents(plan).map(({ kind, component, plugin }) => ({
        kind,
        use: `${component.name}@${component.version}`,
        plugin,
      })),
      backbone: { fingerprint, ...(source !== undefined && { source }) },
      ...(precision && { precision }),
      data: { samples: trained.samples.length, fingerprint: dataFingerprint(trained) },
      baseDir: path.relative(folder, plan.baseDir).split(path.sep).join('/') || '.',
    },
    {
      [MANIFEST_FILE]: jsonText(plan.manifest),
      [STATE_FILE]: jsonText(json),
      [STATE_TENSORS]: encodeSafetensors(tensors),
      [METRICS_FILE]: jsonText(metrics),
      ...Object.fromEntries(
        Object.entries(trained.pictures).map(([branch, picture]) => [activationsFile(branch), picture]),
      ),
    },
  );
}
