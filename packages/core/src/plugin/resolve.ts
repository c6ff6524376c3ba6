import { existsSync, readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import path from 'node:path';

import { KindredError } from '../errors/kindred-error.js';

/**
 * The file of a plugin: by package name, looked up from `baseDir`, or by a path that starts with `./` or `../`.
 * @throws KINDRED_PLUGIN_NOT_FOUND
 */
export function resolvePlugin(specifier: string, baseDir: string): string {
  return /^\.\.?\//.test(specifier) ? findFile(specifier, baseDir) : findPackage(specifier, baseDir);
}

function findFile(specifier: string, baseDir: string): string {
  const target = path.resolve(baseDir, specifier);
  if (existsSync(target) && path.extname(target) !== '') return target;
  // A folder: a package that is not installed but lies beside the manifest.
  try {
    return esModuleOf(target) ?? createRequire(path.join(baseDir, 'manifest.json')).resolve(target);
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
    if (isBuiltin(specifier)) throw new Error(`${specifier} is a part of Node`);
    const require = createRequire(path.join(baseDir, 'manifest.json'));
    const folder = require.resolve
      .paths(specifier)
      ?.map((modules) => path.join(modules, specifier))
      .find(existsSync);
    return (folder === undefined ? undefined : esModuleOf(folder)) ?? require.resolve(specifier);
  } catch (cause) {
    throw new KindredError('KINDRED_PLUGIN_NOT_FOUND', {
      message: `The plugin ${specifier} must be installed where the manifest lies. It was not found from ${baseDir}.`,
      received: specifier,
      hint: `Run \`npm install ${specifier}\` there; for a file of your own write "./${specifier}".`,
      cause,
    });
  }
}

/**
 * What `import` would load of the package in `folder`. Node itself tells it, from any place but its own file, only with a
 * flag; `require.resolve` looks for what `require` would load, which packages of ES modules alone do not have.
 */
function esModuleOf(folder: string): string | undefined {
  const manifest = path.join(folder, 'package.json');
  if (!existsSync(manifest)) return undefined;
  const { exports } = JSON.parse(readFileSync(manifest, 'utf8')) as { exports?: unknown };
  const root = isObject(exports) && '.' in exports ? exports['.'] : exports;
  const target = importTarget(root);
  return target === undefined ? undefined : path.join(folder, target);
}

/** The first of the conditions that hold for `import`, as Node's documentation of `exports` has it. */
function importTarget(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!isObject(value)) return undefined;
  for (const [condition, target] of Object.entries(value)) {
    if (!['import', 'module-sync', 'node', 'default'].includes(condition)) continue;
    const found = importTarget(target);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
