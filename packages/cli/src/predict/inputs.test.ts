import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openInputs } from './inputs.js';

let folder: string;
const at = (...parts: string[]) => path.join(folder, ...parts);
const live = new AbortController().signal;
const nothing = Readable.from([]);

async function read(inputs: readonly string[], stdin: Readable = nothing): Promise<string[]> {
  const paths: string[] = [];
  for await (const input of await openInputs(inputs, stdin, live)) paths.push(path.relative(folder, input));
  return paths;
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'kindred-inputs-'));
  await mkdir(at('photos', 'b'), { recursive: true });
  await mkdir(at('photos', '.thumbnails'));
  await mkdir(at('notes'));
  const files = ['photos/z.JPG', 'photos/a.png', 'photos/b/c.webp', 'photos/read.txt', 'photos/.hidden.jpg'];
  for (const file of [...files, 'photos/.thumbnails/a.jpg', 'notes/a.txt', '[odd]*.png']) await writeFile(at(file), '');
  await symlink(at('photos', 'a.png'), at('photos', 'link.png'));
  await symlink(at('photos'), at('photos', 'b', 'loop.png'));
  await symlink(at('nowhere'), at('photos', 'b', 'dead.png'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('what the inputs of predict stand for', () => {
  it('a folder: the images under it by name, without hidden ones, other files, dead links and loops', async () => {
    expect(await read([at('photos')])).toEqual(['photos/a.png', 'photos/b/c.webp', 'photos/link.png', 'photos/z.JPG']);
  });

  it('a pattern: the files it matches, whatever their extension', async () => {
    expect(await read([at('photos', '*.{txt,png}')])).toEqual(['photos/a.png', 'photos/link.png', 'photos/read.txt']);
  });

  it('a path: itself, also where nothing is there', async () => {
    expect(await read([at('notes', 'a.txt'), at('gone.jpg')])).toEqual(['notes/a.txt', 'gone.jpg']);
  });

  it('a file whose name looks like a pattern: the file', async () => {
    expect(await read([at('[odd]*.png')])).toEqual(['[odd]*.png']);
  });

  it('-: the lines of standard input, with either line end, in its place among the others', async () => {
    const stdin = Readable.from([`${at('1.jpg')}\r\n\n${at('with space')}`, ` .jpg\n${at('3.jpg')}`]);
    expect(await read([at('first.jpg'), '-', at('last.jpg')], stdin)).toEqual([
      'first.jpg',
      '1.jpg',
      'with space .jpg',
      '3.jpg',
      'last.jpg',
    ]);
  });
});

it('an abort ends the wait for a standard input that says no more', async () => {
  const controller = new AbortController();
  const paths: string[] = [];
  for await (const line of await openInputs(['-'], new PassThrough(), controller.signal).then((lines) => {
    setTimeout(() => controller.abort(), 10);
    return lines;
  })) {
    paths.push(line);
  }
  expect(paths).toEqual([]);
});

describe('what is refused before the first image', () => {
  it.each([
    [() => [at('photos'), at('*.bmp')], 'A pattern must match at least one file. Got "%/*.bmp", which matches none.'],
    [() => [at('notes')], 'A folder to predict must hold images. There are none under %/notes.'],
    [() => ['-', '-'], 'Standard input can be read once. Got - more than once.'],
  ])('case %#', async (inputs, message) => {
    await expect(openInputs(inputs(), nothing, live)).rejects.toMatchObject({
      code: 'KINDRED_USAGE',
      message: message.replace('%', folder),
    });
  });
});
