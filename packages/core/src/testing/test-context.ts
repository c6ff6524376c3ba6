import { tmpdir } from 'node:os';

import type { Context } from '../context/context.js';
import { createRandom } from '../context/random.js';
import { KindredError } from '../errors/kindred-error.js';

import { createEagerEngine } from './eager-engine.js';

/**
 * The services that components are handed, for tests: a silent log, a seeded random stream, the eager engine, features kept in memory.
 * `replace` gives others.
 */
export function createTestContext(replace: Partial<Context> = {}): Context {
  const features = new Map<string, Float32Array>();
  const silent = (): void => undefined;
  return {
    log: { debug: silent, info: silent, warn: silent, error: silent },
    random: createRandom(1),
    progress: { start: () => ({ advance: silent, end: silent }) },
    engine: createEagerEngine(),
    featureStore: {
      getMany: (keys) => Promise.resolve(keys.map((key) => features.get(key))),
      putMany: (entries) => Promise.resolve(entries.forEach(([key, feature]) => features.set(key, feature.slice()))),
      close: () => Promise.resolve(),
    },
    signal: new AbortController().signal,
    baseDir: process.cwd(),
    cacheDir: tmpdir(),
    loss: ({ use }) => {
      throw new KindredError('KINDRED_MANIFEST_UNKNOWN_COMPONENT', {
        message: `A test context knows no losses. Got "${use}".`,
        received: use,
        hint: 'Give one: createTestContext({ loss: () => myLoss.create(options) }).',
      });
    },
    lossInput: () => 'logits',
    ...replace,
  };
}
