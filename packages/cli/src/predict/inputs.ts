import { stat } from 'node:fs/promises';

import { KindredError } from '@kindred/core';
import { glob, isDynamicPattern } from 'tinyglobby';

import { imagesUnder } from './folder.js';
import { linesOf } from './lines.js';

/** On the command line: paths come from standard input. */
export const STDIN = '-';

/**
 * The paths that the command line means, in its order, as they are found: a folder stands for the images under it, a pattern
 * for the files it matches, `-` for the lines of `stdin`. A plain path stands for itself, also where nothing is there: that is
 * an image that cannot be read.
 * @throws KINDRED_USAGE before the first path if a folder holds no images or a pattern matches nothing.
 */
export async function openInputs(
  inputs: readonly string[],
  stdin: NodeJS.ReadableStream,
  signal: AbortSignal,
): Promise<AsyncIterable<string>> {
  if (inputs.filter((input) => input === STDIN).length > 1) {
    throw new KindredError('KINDRED_USAGE', {
      message: `Standard input can be read once. Got ${STDIN} more than once.`,
    });
  }
  const sources: AsyncIterable<string>[] = [];
  for (const input of inputs) sources.push(await openInput(input, stdin, signal));
  return concatenate(sources);
}

async function openInput(
  input: string,
  stdin: NodeJS.ReadableStream,
  signal: AbortSignal,
): Promise<AsyncIterable<string>> {
  if (input === STDIN) return linesOf(stdin, signal);
  const found = await stat(input).catch(() => undefined);
  if (found?.isDirectory()) return requireOne(imagesUnder(input), () => emptyFolder(input));
  if (found || !isDynamicPattern(input)) return concatenate([[input]]);
  return requireOne(matches(input), () => noMatches(input));
}

async function* matches(pattern: string): AsyncGenerator<string> {
  // Windows writes paths with backslashes, which patterns read as escapes.
  const portable = process.platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern;
  yield* (await glob(portable, { expandDirectories: false })).sort();
}

async function* concatenate(sources: readonly (AsyncIterable<string> | Iterable<string>)[]): AsyncGenerator<string> {
  for (const source of sources) yield* source;
}

/** The same paths, once the first one is known to be there. */
async function requireOne(paths: AsyncGenerator<string>, none: () => KindredError): Promise<AsyncIterable<string>> {
  const first = await paths.next();
  if (first.done) throw none();
  return concatenate([[first.value], paths]);
}

function emptyFolder(folder: string): KindredError {
  return new KindredError('KINDRED_USAGE', {
    message: `A folder to predict must hold images. There are none under ${folder}.`,
    received: folder,
    hint: 'Images are found by their extension: .jpg, .png, .webp, .avif, .gif or .tif.',
  });
}

function noMatches(pattern: string): KindredError {
  return new KindredError('KINDRED_USAGE', {
    message: `A pattern must match at least one file. Got "${pattern}", which matches none.`,
    received: pattern,
    hint: 'Patterns start at the current folder; quote them so that the shell leaves them alone.',
  });
}
