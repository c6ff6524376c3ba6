import { definePlugin, type Component } from '@kindred/core';
import { noProgress, silentLogger, type Host } from '@kindred/core/host';
import backbones from '@kindred/backbones';
import detectors from '@kindred/detectors';
import engines from '@kindred/engines';
import heads from '@kindred/heads';

/** A silent host with the built-in plugins, and more or others by their names. */
export function testHost(cacheDir: string, plugins: Host['plugins'] = {}): Host {
  return {
    plugins: {
      '@kindred/engines': engines,
      '@kindred/backbones': backbones,
      '@kindred/heads': heads,
      '@kindred/detectors': detectors,
      ...plugins,
    },
    cacheDir,
    log: silentLogger,
    progress: noProgress,
    signal: new AbortController().signal,
  };
}

/** A plugin of one component, under its name. */
export const pluginOf = (component: Component): Host['plugins'] => ({
  [component.name]: definePlugin({ name: component.name, apiVersion: 1, components: [component] }),
});
