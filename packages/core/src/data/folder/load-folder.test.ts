import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect, it } from 'vitest';
import type { z } from 'zod';

import { kindredErrorOf } from '../../../test/support/catch-error.js';
import { quietContext } from '../../../test/support/load-context.js';
import { realData } from '../../../test/support/real-data.js';
import { tempFolder } from '../../../test/support/temp-folder.js';

import { folderDataset } from './folder-dataset.js';
import { loadFolder } from './load-folder.js';
import { folderOptions } from './options.js';

type Options = Partial<z.input<typeof folderOptions>>;
const load = (folder: string, options: Options = {}) =>
  loadFolder(folderOptions.parse({ path: '.', ...options }), quietContext(folder));
const filesIn = (...names: string[]) => tempFolder(Object.fromEntries(names.map((name) => [name, 'x'])));
const errorOf = (folder: string, options: Options = {}) => kindredErrorOf(() => load(folder, options));

describe('folder dataset', () => {
  it('is a dataset component', () => {
    expect(folderDataset).toMatchObject({ kind: 'dataset', name: 'folder', version: 1 });
  });

  it('takes each subfolder for a class, nested files too, in code point order', async () => {
    const folder = await filesIn('b/2.jpg', 'b/10.PNG', 'B/1.jpg', 'ä/x/deep.webp', 'b/x/1.jpeg');
    const { labels, samples } = await load(folder);
    expect(labels).toEqual(['B', 'b', 'ä']);
    expect(samples.map(({ id, labels: [label] }) => [id, label])).toEqual([
      ['B/1.jpg', 'B'],
      ['b/10.PNG', 'b'],
      ['b/2.jpg', 'b'],
      ['b/x/1.jpeg', 'b'],
      ['ä/x/deep.webp', 'ä'],
    ]);
    expect(samples[0]?.location).toBe(path.join(folder, 'B/1.jpg'));
    expect(Buffer.from((await samples[0]?.read()) ?? []).toString()).toBe('x');
  });

  it('takes the whole path of a folder for the label where it is asked to', async () => {
    const folder = await filesIn('Latin/b/1.png', 'Latin/a/1.png', 'Greek/1.png', 'Greek/x/y/2.png');
    const { labels, samples } = await load(folder, { labels: 'path' });
    expect(samples.map(({ id, labels: own }) => [id, ...own])).toEqual([
      ['Greek/1.png', 'Greek'],
      ['Greek/x/y/2.png', 'Greek/x/y'],
      ['Latin/a/1.png', 'Latin/a'],
      ['Latin/b/1.png', 'Latin/b'],
    ]);
    expect(labels).toEqual(['Greek', 'Greek/x/y', 'Latin/a', 'Latin/b']);
  });

  it('takes images wherever they lie where they have no labels', async () => {
    const folder = await filesIn('1.jpg', 'a/2.jpg', 'a/notes.txt');
    const { labels, samples } = await load(folder, { labels: 'none' });
    expect([labels, samples.map(({ id, labels: own }) => [id, own])]).toEqual([
      [],
      [
        ['1.jpg', []],
        ['a/2.jpg', []],
      ],
    ]);
    const error = await errorOf(await filesIn('notes.txt'), { labels: 'none' });
    expect([error.code, error.message]).toEqual([
      'KINDRED_DATA_EMPTY',
      expect.stringMatching(/^A folder dataset must hold images\. .* has none in it or below it\.$/),
    ]);
  });

  it('leaves out hidden files, hidden folders and files that are no images', async () => {
    const folder = await filesIn('a/1.jpg', 'a/.2.jpg', 'a/.thumbs/3.jpg', '.git/4.jpg', 'a/notes.txt', 'README.md');
    expect((await load(folder)).samples.map(({ id }) => id)).toEqual(['a/1.jpg']);
  });

  it('reads only the wanted classes, in the order given, and only the wanted extensions', async () => {
    const folder = await filesIn('a/1.jpg', 'b/1.jpg', 'b/1.png', 'c/1.jpg');
    expect(await load(folder, { classes: ['c', 'b'], extensions: ['.JPG'] })).toMatchObject({
      labels: ['c', 'b'],
      samples: [{ id: 'c/1.jpg' }, { id: 'b/1.jpg' }],
    });
  });

  it('follows links, but not in circles', async () => {
    const folder = await filesIn('a/1.jpg', 'other/2.jpg');
    const data = path.join(folder, 'data');
    await mkdir(path.join(data, 'b'), { recursive: true });
    await symlink(path.join(folder, 'a/1.jpg'), path.join(data, 'b/link.jpg'));
    await symlink(path.join(folder, 'other'), path.join(data, 'b/more'));
    await symlink(data, path.join(data, 'b/circle'));
    const { samples } = await load(data);
    expect(samples.map(({ id }) => id)).toEqual(['b/link.jpg', 'b/more/2.jpg']);
  });

  it('lists a dangling link, so that reading it is what fails', async () => {
    const folder = await filesIn('a/1.jpg');
    await symlink('/nowhere', path.join(folder, 'a/2.jpg'));
    const { samples } = await load(folder);
    expect((await kindredErrorOf(() => samples[1]?.read())).code).toBe('KINDRED_IMAGE_UNREADABLE');
  });

  it('refuses images that lie beside the class folders', async () => {
    const error = await errorOf(await filesIn('a/1.jpg', '1.jpg', '2.png'));
    expect(error.code).toBe('KINDRED_DATA_LABEL');
    expect(error.message).toContain('Got 2 beside them');
    expect(error.message).toContain('1.jpg, 2.png');
  });

  it('names all class folders without images', async () => {
    const folder = await filesIn('a/1.jpg', 'b/notes.txt');
    await mkdir(path.join(folder, 'c'));
    const error = await errorOf(folder);
    expect(error.code).toBe('KINDRED_DATA_EMPTY');
    expect(error.issues.map(({ message }) => message)).toEqual([
      `Each class must have images. The folder ${path.join(folder, 'b')} holds 1 other files: notes.txt.`,
      `Each class must have images. The folder ${path.join(folder, 'c')} holds no files.`,
    ]);
  });

  it.each([
    ['an empty folder', '.', 'KINDRED_DATA_EMPTY', 'one subfolder for each class'],
    ['a missing folder', 'imges', 'KINDRED_DATA_NOT_FOUND', 'must exist'],
  ])('refuses %s', async (_, where, code, message) => {
    const error = await errorOf(await tempFolder(), { path: where });
    expect([error.code, error.message.includes(message)]).toEqual([code, true]);
  });

  it('tells a file from a folder', async () => {
    expect((await errorOf(await filesIn('t.csv'), { path: 't.csv' })).hint).toContain('"csv"');
  });

  it('names the nearest folder for a class or path that is not there', async () => {
    const folder = await filesIn('images/cat/1.jpg', 'images/dog/1.jpg');
    expect((await errorOf(folder, { path: 'image' })).hint).toBe(`Did you mean ${path.join(folder, 'images')}?`);
    const error = await errorOf(folder, { path: 'images', classes: ['cats'] });
    expect([error.code, error.hint]).toEqual(['KINDRED_DATA_NOT_FOUND', 'Did you mean "cat"?']);
  });

  it('stops on abort', async () => {
    const folder = await filesIn('a/1.jpg');
    const options = folderOptions.parse({ path: '.' });
    const error = await kindredErrorOf(() => loadFolder(options, quietContext(folder, AbortSignal.abort())));
    expect(error.code).toBe('KINDRED_ABORTED');
  });

  it.skipIf(realData === undefined)('lists the Cage set', async () => {
    const { labels, samples } = await load(realData ?? '', { path: 'cage' });
    expect(labels).toEqual(['cage', 'not_cage']);
    expect(samples).toHaveLength(290);
  });
});
