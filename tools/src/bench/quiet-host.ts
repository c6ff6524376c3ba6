import backbones from '@kindred/backbones';
import detectors from '@kindred/detectors';
import engines from '@kindred/engines';
import heads from '@kindred/heads';
import { noProgress, silentLogger, type Host } from '@kindred/core/host';

/** A silent host with the built-in plugins. */
export function quietHost(cacheDir: string): Host {
  return {
    plugins: {
      '@kindred/engines': engines,
      '@kindred/backbones': backbones,
      '@kindred/heads': heads,
      '@kindred/detectors': detectors,
    },
    cacheDir,
    log: silentLogger,
    progress: noProgress,
    signal: new AbortController().signal,
  };
}
