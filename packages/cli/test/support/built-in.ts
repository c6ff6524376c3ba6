import { defaultCacheDir, loadRegistry, type Registry } from '@kindred/core/host';

import { BUILT_IN_PLUGINS } from '../../src/host.js';

import { testHost } from './host.js';

/** All components that come with the command. */
export function builtInRegistry(): Promise<Registry> {
  return loadRegistry(BUILT_IN_PLUGINS, import.meta.dirname, testHost(defaultCacheDir()));
}
