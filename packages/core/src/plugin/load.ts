import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { KindredError, isKindredError } from '../errors/kindred-error.js';

import { checkPlugin, wrongApiVersion } from './check-plugin.js';
import { API_VERSION, type Plugin } from './contract.js';
import { resolvePlugin } from './resolve.js';

/**
 * Loads a plugin by package name, looked up from `baseDir`, or by a path that starts with `./` or `../`. Its API version is
 * checked before any of its code runs: a package states it in package.json as `"kindred": { "apiVersion": 1 }`, a single
 * file in its text as `apiVersion: 1`.
 * @throws KINDRED_PLUGIN_NOT_FOUND, KINDRED_PLUGIN_API_VERSION, KINDRED_PLUGIN_INVALID, KINDRED_PLUGIN_FAILED
 */
export async function loadPlugin(specifier: string, baseDir: string): Promise<Plugin> {
  const file = resolvePlugin(specifier, baseDir);
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

/** From the package that `file` belongs to. Nameless package.json files inside of it only say how its modules are read. */
async function versionInPackage(file: string): Promise<number | undefined> {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const manifest = path.join(folder, 'package.json');
    if (existsSync(manifest)) {
      const { kindred, name } = await readPackage(manifest);
      if (kindred?.apiVersion !== undefined) return Number(kindred.apiVersion);
      if (name !== undefined) return undefined;
    }
    if (path.dirname(folder) === folder) return undefined;
  }
}

async function readPackage(file: string): Promise<{ name?: unknown; kindred?: { apiVersion?: unknown } }> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as object;
  } catch (cause) {
    throw new KindredError('KINDRED_PLUGIN_INVALID', {
      message: `The package.json of a plugin must be JSON. ${file} is not: ${messageOf(cause)}`,
      path: file,
      cause,
    });
  }
}

async function versionInText(file: string): Promise<number | undefined> {
  const match = /\bapiVersion\s*:\s*(\d+)/.exec(await readFile(file, 'utf8'));
  return match ? Number(match[1]) : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
