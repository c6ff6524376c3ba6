import { defaultCacheDir, loadRegistry, noProgress, silentLogger, type Host, type Registry } from '@kindred/core/host';
import backbones from '@kindred/backbones';
import detectors from '@kindred/detectors';
import engines from '@kindred/engines';
import heads from '@kindred/heads';

import { BUILT_IN_PLUGINS } from '../../src/host.js';

/** All components that come with the command. */
export function builtInRegistry(): Promise<Registry> {
  const host: Host = {
    plugins: {
      '@kindred/engines': engines,
      '@kindred/backbones': backbones,
      '@kindred/heads': heads,
      '@kindred/detectors': detectors,
    },
    cacheDir: defaultCacheDir(),
    log: silentLogger,
    progress: noProgress,
    signal: new AbortController().signal,
  };
  return loadRegistry(BUILT_IN_PLUGINS, import.meta.dirname, host);
}
