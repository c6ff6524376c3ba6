import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const cache = new URL('./node_modules/.cache/vitest-typescript/', import.meta.url);

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
  return { format: 'module', source: await translated(await readFile(fileName, 'utf8'), fileName), shortCircuit: true };
}

/**
 * Kept by its content: the compiler alone takes longer to load than most threads live.
 * @param {string} text
 * @param {string} fileName
 */
async function translated(text, fileName) {
  const kept = new URL(`${createHash('sha256').update(fileName).update(text).digest('hex')}.js`, cache);
  if (existsSync(kept)) return readFile(kept, 'utf8');
  const { default: ts } = await import('typescript');
  const { outputText } = ts.transpileModule(text, {
    fileName,
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2023,
      verbatimModuleSyntax: true,
      inlineSourceMap: true,
    },
  });
  await mkdir(cache, { recursive: true });
  // Threads write at the same time: each its own file, renamed when it is whole.
  const own = new URL(`${randomUUID()}.tmp`, cache);
  await writeFile(own, outputText);
  await rename(own, kept);
  return outputText;
}
