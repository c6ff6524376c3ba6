import path from 'node:path';

import { createRandom, type Context } from '@kindred/core';
import type { Host } from '@kindred/core/host';

/** The context that an engine is created with: it comes before everything that needs an engine. */
export function engineContext(host: Host): Context {
  const missing = (what: string) => () => {
    throw new Error(`an engine must not need ${what}`);
  };
  return {
    log: host.log,
    progress: host.progress,
    signal: host.signal,
    cacheDir: host.cacheDir,
    baseDir: path.resolve(),
    random: createRandom(0),
    loss: missing('a loss'),
    lossInput: missing('a loss'),
    get engine() {
      return missing('another engine')();
    },
    get featureStore() {
      return missing('a feature store')();
    },
  };
}
