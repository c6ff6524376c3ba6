import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { KindredError } from '../errors/kindred-error.js';
import { fillManifest } from '../manifest/fill.js';
import type { FilledManifest } from '../manifest/filled.js';
import { DEFAULT_PLUGINS } from '../manifest/schema.js';
import { invalidManifest, parseManifest, type ManifestSource } from '../manifest/source.js';
import type { Plugin } from '../plugin/contract.js';
import { corePlugin } from '../plugin/core-plugin.js';
import { checkPlugin } from '../plugin/check-plugin.js';
import { loadPlugin } from '../plugin/load.js';
import { createRegistry, type Registry } from '../plugin/registry.js';

import type { Host } from './types.js';
import { wrapError } from './wrap-error.js';

/** A manifest without mistakes, every default in place. */
export interface CheckedManifest {
  readonly path: string;
  readonly baseDir: string;
  readonly manifest: FilledManifest;
  readonly registry: Registry;
}

/** Plugins that every pipeline has, whatever its manifest names: without an engine nothing runs. */
const ALWAYS = ['@kindred/engines'];

/**
 * Reads and checks a manifest, loading the plugins that it names.
 * @throws KINDRED_MANIFEST_UNREADABLE; KINDRED_MANIFEST_INVALID with every mistake as one of `issues`
 */
export async function checkManifest(file: string, host: Host): Promise<CheckedManifest> {
  const absolute = path.resolve(file);
  const text = await readFile(absolute, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === 'ENOENT' ? 'There is no such file' : cause.message;
    throw new KindredError('KINDRED_MANIFEST_UNREADABLE', {
      message: `The manifest ${file} must exist and be readable. ${reason}.`,
      path: file,
      cause,
    });
  });
  const checked = await checkManifestText(text, { name: file, baseDir: path.dirname(absolute) }, host);
  return { path: absolute, ...checked };
}

/** The same for a manifest's text; relative paths in it start at `baseDir`. */
export async function checkManifestText(
  text: string,
  { name, baseDir }: { readonly name: string; readonly baseDir: string },
  host: Host,
): Promise<Omit<CheckedManifest, 'path'>> {
  const source = parseManifest(text, name);
  const registry = await registryOf(source, baseDir, host);
  return { baseDir, manifest: fillManifest(source, registry), registry };
}

/**
 * Loads plugins by name or path, and those that are always there.
 * @throws KINDRED_PLUGIN_*
 */
export async function loadRegistry(plugins: readonly string[], baseDir: string, host: Host): Promise<Registry> {
  const loaded: Plugin[] = [corePlugin];
  for (const specifier of new Set([...ALWAYS.filter((name) => name in host.plugins), ...plugins])) {
    const given = Object.hasOwn(host.plugins, specifier) ? host.plugins[specifier] : undefined;
    loaded.push(given ? checkPlugin(specifier, given) : await loadPlugin(specifier, baseDir));
  }
  return createRegistry(loaded);
}

/** Mistakes in the list of plugins are reported in their place; the rest cannot be checked without them. */
async function registryOf(source: ManifestSource, baseDir: string, host: Host): Promise<Registry> {
  const named = (source.value as { plugins?: unknown } | null)?.plugins;
  const plugins = Array.isArray(named) ? named.filter((name) => typeof name === 'string') : DEFAULT_PLUGINS;
  const issues: KindredError[] = [];
  for (const [index, specifier] of plugins.entries()) {
    await loadRegistry([specifier], baseDir, host).catch((error: unknown) => {
      const { code, message, hint, received, cause } = wrapError(error);
      const where = source.locate(['plugins', index]);
      issues.push(
        new KindredError(code, { message: `${where}: ${message}`, path: `plugins[${index}]`, hint, received, cause }),
      );
    });
  }
  if (issues.length > 0) throw invalidManifest(source.file, issues);
  return loadRegistry(plugins, baseDir, host);
}
