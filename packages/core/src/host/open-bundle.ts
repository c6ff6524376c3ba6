import path from 'node:path';

import { MANIFEST_FILE } from '../bundle/format.js';
import { readBundle, type Bundle } from '../bundle/read.js';
import type { Scope } from '../container/scope.js';
import { openScope } from '../pipeline/open-scope.js';
import { planPipeline } from '../pipeline/plan.js';

import { checkManifestText } from './check.js';
import type { Host } from './types.js';

/** Reads a bundle and opens the container of its pipeline. Its components are found in the registry, never in the bundle. */
export async function openBundle(folder: string, host: Host): Promise<{ bundle: Bundle; scope: Scope }> {
  const bundle = await readBundle(path.resolve(folder));
  const name = path.join(folder, MANIFEST_FILE);
  const { manifest, registry, baseDir } = await checkManifestText(
    bundle.manifest,
    { name, baseDir: bundle.baseDir },
    host,
  );
  return { bundle, scope: openScope(planPipeline(manifest, registry, baseDir), host) };
}
