import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { MANIFEST_FILE } from '../bundle/format.js';
import { readBundle } from '../bundle/read.js';
import { KindredError } from '../errors/kindred-error.js';
import type { FilledManifest } from '../manifest/filled.js';
import type { KeptPipeline } from '../pipeline/kept.js';
import { hintFor, nearest } from '../plugin/nearest.js';

import { checkManifestText, type CheckedManifest } from './check.js';
import type { Host } from './types.js';

/**
 * What stays of the bundle in `folder` where only the named branches are trained again.
 * @throws KINDRED_USAGE for a branch that the manifest does not have, or where the manifest has changed in anything else;
 * KINDRED_BUNDLE_* if there is no whole bundle
 */
export async function keepBranches(
  folder: string,
  { manifest }: Pick<CheckedManifest, 'manifest'>,
  only: readonly string[],
  host: Host,
): Promise<KeptPipeline> {
  const names = Object.keys(manifest.branches);
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new KindredError('KINDRED_USAGE', {
      message: `A branch to train must be one of the manifest. Got "${unknown}".`,
      received: unknown,
      hint: hintFor(nearest(unknown, names), names, 'It has none.'),
    });
  }
  const bundle = await readBundle(folder);
  const place = { name: path.join(folder, MANIFEST_FILE), baseDir: bundle.baseDir };
  const { manifest: before } = await checkManifestText(bundle.manifest, place, host);
  const changed = differences(before, manifest, only);
  if (changed.length > 0) {
    throw new KindredError('KINDRED_USAGE', {
      message: `Where single branches are trained again, the rest of the manifest must be as it was. Changed in ${folder}: ${changed.join(', ')}.`,
      received: changed,
      hint: 'Train all of it, without --branch.',
    });
  }
  const kept = Object.entries(bundle.state.branches).filter(([name]) => !only.includes(name));
  return {
    ...(bundle.state.backbone && { backbone: bundle.state.backbone }),
    branches: Object.fromEntries(kept),
    dataFingerprint: bundle.lock.data.fingerprint,
  };
}

/** What tells how branches other than `only` came about. */
const SHARED = ['seed', 'data', 'backbone', 'engine'] as const;

function differences(before: FilledManifest, now: FilledManifest, only: readonly string[]): string[] {
  const shared = SHARED.filter((key) => !isDeepStrictEqual(before[key], now[key]));
  const names = new Set([...Object.keys(before.branches), ...Object.keys(now.branches)]);
  const branches = [...names].filter(
    (name) => !only.includes(name) && !isDeepStrictEqual(before.branches[name], now.branches[name]),
  );
  return [...shared, ...branches.map((name) => `branches.${name}`)];
}
