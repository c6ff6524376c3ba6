import path from 'node:path';

import type { Host } from '@kindred/core/host';

import type { App } from './run/app.js';

/** Packages whose components come with the command. */
export const BUILT_IN_PLUGINS = [
  '@kindred/engines',
  '@kindred/backbones',
  '@kindred/heads',
  '@kindred/detectors',
] as const;

/**
 * Loads the host API. Only when it is needed: `--help` stays quick, and `doctor` can tell which native part of it does not load.
 */
export const loadApi = () => import('@kindred/core/host');

/** The host that this process is: the built-in plugins, the terminal's progress, Ctrl-C. */
export async function createHost(app: App, options: { cache?: string } = {}): Promise<Host> {
  const [{ defaultCacheDir }, engines, backbones, heads, detectors] = await Promise.all([
    loadApi(),
    import('@kindred/engines'),
    import('@kindred/backbones'),
    import('@kindred/heads'),
    import('@kindred/detectors'),
  ]);
  return {
    plugins: {
      '@kindred/engines': engines.default,
      '@kindred/backbones': backbones.default,
      '@kindred/heads': heads.default,
      '@kindred/detectors': detectors.default,
    },
    pluginUrls: Object.fromEntries(BUILT_IN_PLUGINS.map((name) => [name, import.meta.resolve(name)])),
    cacheDir: options.cache === undefined ? defaultCacheDir() : path.resolve(options.cache),
    log: app.log,
    progress: app.progress,
    signal: app.signal,
  };
}
