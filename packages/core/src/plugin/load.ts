import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { KindredError, isKindredError } from '../errors/kindred-error.js';

import { API_VERSION, COMPONENT_KINDS, type Component, type Plugin } from './contract.js';

/**
 * Loads a plugin by package name, looked up from `baseDir`, or by a path that starts with `./` or `../`. Its API version is
 * checked before any of its code runs: a package states it in package.json as `"kindred": { "apiVersion": 1 }`, a single
 * file in its text as `apiVersion: 1`.
 * @throws KINDRED_PLUGIN_NOT_FOUND, KINDRED_PLUGIN_API_VERSION, KINDRED_PLUGIN_INVALID, KINDRED_PLUGIN_FAILED
 */
export async function loadPlugin(specifier: string, baseDir: string): Promise<Plugin> {
  const file = /^\.\.?\//.test(specifier) ? findFile(specifier, baseDir) : findPackage(specifier, baseDir);
  await checkApiVersion(specifier, file);

  let module: { default?: unknown };
  try {
    module = (await import(pathToFileURL(file).href)) as { default?: unknown };
  } catch (cause) {
    if (isKindredError(cause)) throw cause;
    throw new KindredError('KINDRED_PLUGIN_FAILED', {
      message: `The plugin ${specifier} must load. It threw while its file was imported: ${messageOf(cause)}`,
      path: file,
      hint: 'This is an error in the plugin: run with --verbose for its stack and tell its author.',
      cause,
    });
  }
  return checkPlugin(specifier, module.default);
}

/**
 * Checks that `value` is what `definePlugin` returns.
 * @throws KINDRED_PLUGIN_INVALID, KINDRED_PLUGIN_API_VERSION
 */
export function checkPlugin(specifier: string, value: unknown): Plugin {
  const plugin = value as Partial<Plugin> | null | undefined;
  const invalid = (message: string, received?: unknown) =>
    new KindredError('KINDRED_PLUGIN_INVALID', {
      message: `The plugin ${specifier} ${message}`,
      received,
      hint: 'Its default export must be `definePlugin({ name, apiVersion, components })`.',
    });

  if (typeof plugin !== 'object' || plugin === null) {
    throw invalid(`must have a plugin as its default export. Got ${plugin === null ? 'null' : typeof plugin}.`);
  }
  if (typeof plugin.name !== 'string' || !Array.isArray(plugin.components)) {
    throw invalid('must have a name and a list of components.');
  }
  if (plugin.apiVersion !== API_VERSION) throw wrongApiVersion(specifier, Number(plugin.apiVersion));
  plugin.components.forEach((component: Partial<Component> | undefined, index) => {
    const at = `components[${index}]`;
    if (!COMPONENT_KINDS.some((kind) => kind === component?.kind)) {
      throw invalid(`must give ${at} one of the kinds ${COMPONENT_KINDS.join(', ')}. Got ${String(component?.kind)}.`);
    }
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(component?.name ?? '')) {
      throw invalid(`must give ${at} a kebab-case name. Got ${String(component?.name)}.`);
    }
    if (!Number.isInteger(component?.version) || Number(component?.version) < 1) {
      throw invalid(`must give ${at} (${component?.name}) a whole version of at least 1. Got ${component?.version}.`);
    }
    if (typeof component?.options?.safeParse !== 'function') {
      throw invalid(`must give ${at} (${component?.name}) a zod schema as its options.`);
    }
  });
  return plugin as Plugin;
}

function findFile(specifier: string, baseDir: string): string {
  const target = path.resolve(baseDir, specifier);
  if (existsSync(target) && path.extname(target) !== '') return target;
  // A folder: a package that is not installed but lies beside the manifest.
  try {
    return createRequire(path.join(baseDir, 'manifest.json')).resolve(target);
  } catch (cause) {
    throw new KindredError('KINDRED_PLUGIN_NOT_FOUND', {
      message: `The plugin ${specifier} must be a file or a package folder. There is none at ${target}.`,
      received: specifier,
      hint: 'Paths start at the folder of the manifest.',
      cause,
    });
  }
}

function findPackage(specifier: string, baseDir: string): string {
  try {
    return createRequire(path.join(baseDir, 'manifest.json')).resolve(specifier);
  } catch (cause) {
    throw new KindredError('KINDRED_PLUGIN_NOT_FOUND', {
      message: `The plugin ${specifier} must be installed where the manifest lies. It was not found from ${baseDir}.`,
      received: specifier,
      hint: `Run \`npm install ${specifier}\` there; for a file of your own write "./${specifier}".`,
      cause,
    });
  }
}

async function checkApiVersion(specifier: string, file: string): Promise<void> {
  const stated = (await versionInPackage(file)) ?? (await versionInText(file));
  if (stated === undefined) {
    throw new KindredError('KINDRED_PLUGIN_API_VERSION', {
      message: `The plugin ${specifier} must state the API version it was written for; none was found in its package.json or file.`,
      path: file,
      hint: `Add "kindred": { "apiVersion": ${API_VERSION} } to its package.json, or write apiVersion: ${API_VERSION} in definePlugin.`,
    });
  }
  if (stated !== API_VERSION) throw wrongApiVersion(specifier, stated);
}

function wrongApiVersion(specifier: string, stated: number): KindredError {
  return new KindredError('KINDRED_PLUGIN_API_VERSION', {
    message: `The plugin ${specifier} must be written for API version ${API_VERSION}. Got ${stated}.`,
    received: stated,
    hint: stated > API_VERSION ? 'Upgrade Kindred.' : `Upgrade ${specifier}.`,
  });
}

async function versionInPackage(file: string): Promise<number | undefined> {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const manifest = path.join(folder, 'package.json');
    if (existsSync(manifest)) {
      const content = JSON.parse(await readFile(manifest, 'utf8')) as { kindred?: { apiVersion?: unknown } };
      const version = content.kindred?.apiVersion;
      return version === undefined ? undefined : Number(version);
    }
    if (path.dirname(folder) === folder) return undefined;
  }
}

async function versionInText(file: string): Promise<number | undefined> {
  const match = /\bapiVersion\s*:\s*(\d+)/.exec(await readFile(file, 'utf8'));
  return match ? Number(match[1]) : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
