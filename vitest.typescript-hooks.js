import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import ts from 'typescript';

const compilerOptions = {
  module: ts.ModuleKind.ESNext,
  target: ts.ScriptTarget.ES2023,
  verbatimModuleSyntax: true,
  inlineSourceMap: true,
};

/**
 * Finds `x.ts` where sources import `x.js`.
 * @type {import('node:module').ResolveHook}
 */
export function resolve(specifier, context, next) {
  const isFile = /^(\.{1,2}\/|file:)/.test(specifier) && specifier.endsWith('.js');
  const url = isFile ? new URL(specifier, context.parentURL) : undefined;
  const source = url && new URL(url.href.replace(/\.js$/, '.ts'));
  if (!url || !source || existsSync(url) || !existsSync(source)) return next(specifier, context);
  return { url: source.href, format: 'module', shortCircuit: true };
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
  const fileName = fileURLToPath(url);
  const { outputText } = ts.transpileModule(await readFile(fileName, 'utf8'), { fileName, compilerOptions });
  return { format: 'module', source: outputText, shortCircuit: true };
}
