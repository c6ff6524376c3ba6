import path from 'node:path';

import { loadRegistry, noProgress, silentLogger, type Registry } from '@kindred/core/host';
import backbones from '@kindred/backbones';
import detectors from '@kindred/detectors';
import engines from '@kindred/engines';
import heads from '@kindred/heads';

/** Every component that comes with Kindred. */
export function builtInRegistry(): Promise<Registry> {
  const plugins = Object.fromEntries([engines, backbones, heads, detectors].map((plugin) => [plugin.name, plugin]));
  const host = {
    plugins,
    cacheDir: path.resolve('.kindred/cache'),
    log: silentLogger,
    progress: noProgress,
    signal: new AbortController().signal,
  };
  return loadRegistry(Object.keys(plugins), path.resolve(), host);
}
