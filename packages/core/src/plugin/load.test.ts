import { existsSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { kindredErrorOf } from '../../test/support/catch-error.js';
import { tempFolder } from '../../test/support/temp-folder.js';

import { loadPlugin } from './load.js';

/** A component needs of zod no more than its shape. */
const LOSS = `{ kind: 'loss', name: 'mine', version: 1, summary: 'Mine.', options: { safeParse() {} }, create() {} }`;
const source = (name: string, { apiVersion = '1', components = `[${LOSS}]` } = {}) =>
  `export default { name: '${name}', apiVersion: ${apiVersion}, components: ${components} };`;
const packageJson = (content: object) => JSON.stringify({ name: 'some-package', type: 'module', ...content });
const esm = packageJson({ exports: { import: './index.js' }, kindred: { apiVersion: 1 } });

describe('loadPlugin finds', () => {
  it.each<[string, string, string, Record<string, string>]>([
    ['a file', './mine.mjs', 'work', { 'work/mine.mjs': source('here') }],
    ['a file above', '../mine.mjs', 'work', { 'mine.mjs': source('here'), 'work/x': '' }],
    ['a package folder', './mine', 'work', { 'work/mine/package.json': esm, 'work/mine/index.js': source('here') }],
    [
      'an installed package of ES modules alone',
      'some-package',
      'work',
      { 'work/node_modules/some-package/package.json': esm, 'work/node_modules/some-package/index.js': source('here') },
    ],
    [
      'an installed package with "main"',
      '@scope/some-package',
      'work',
      {
        'work/node_modules/@scope/some-package/package.json': packageJson({
          main: 'lib.js',
          kindred: { apiVersion: 1 },
        }),
        'work/node_modules/@scope/some-package/lib.js': source('here'),
      },
    ],
    [
      'a package installed in a folder above, before it looks anywhere else',
      'some-package',
      'work/deep',
      {
        'work/node_modules/some-package/package.json': esm,
        'work/node_modules/some-package/index.js': source('here'),
        'work/deep/x': '',
        'node_modules/some-package/package.json': esm,
        'node_modules/some-package/index.js': source('there'),
      },
    ],
    [
      'the ES module of a package that has both kinds, its version stated above a nameless package.json',
      'some-package',
      'work',
      {
        'work/node_modules/some-package/package.json': packageJson({
          exports: { '.': { require: './main.cjs', import: { types: './x.d.ts', default: './esm/index.js' } } },
          kindred: { apiVersion: 1 },
        }),
        'work/node_modules/some-package/main.cjs': 'module.exports = {};',
        'work/node_modules/some-package/esm/package.json': '{ "type": "module" }',
        'work/node_modules/some-package/esm/index.js': source('here'),
      },
    ],
  ])('%s', async (_, specifier, base, files) => {
    const folder = await tempFolder(files);
    expect((await loadPlugin(specifier, path.join(folder, base))).name).toBe('here');
  });
});

describe('loadPlugin refuses', () => {
  it.each<[string, string, string, string]>([
    [
      'a file that is not there',
      './gone.js',
      'KINDRED_PLUGIN_NOT_FOUND',
      'The plugin ./gone.js must be a file or a package folder.',
    ],
    [
      'a package that is not installed',
      'kindred-gone',
      'KINDRED_PLUGIN_NOT_FOUND',
      'The plugin kindred-gone must be installed where the manifest lies.',
    ],
    ['a part of Node', 'fs', 'KINDRED_PLUGIN_NOT_FOUND', 'The plugin fs must be installed where the manifest lies.'],
  ])('%s', async (_, specifier, code, message) => {
    const error = await kindredErrorOf(async () => loadPlugin(specifier, await tempFolder()));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });

  const mine = 'The plugin ./mine.mjs';
  const component = (change: string) => source('x', { components: `[{ ...${LOSS}, ${change} }]` });
  it.each<[string, string, string, string]>([
    [
      'a file that throws',
      "throw new Error('ouch'); // apiVersion: 1",
      'KINDRED_PLUGIN_FAILED',
      `${mine} must load. It threw while its file was imported: ouch`,
    ],
    [
      'a file with an error of syntax',
      'export default {{ // apiVersion: 1',
      'KINDRED_PLUGIN_FAILED',
      `${mine} must load.`,
    ],
    [
      'no default export',
      'export const x = { apiVersion: 1 };',
      'KINDRED_PLUGIN_INVALID',
      `${mine} must have a plugin as its default export. Got undefined.`,
    ],
    [
      'null',
      'export default null; // apiVersion: 1',
      'KINDRED_PLUGIN_INVALID',
      `${mine} must have a plugin as its default export. Got null.`,
    ],
    [
      'no components',
      'export default { name: "x", apiVersion: 1 };',
      'KINDRED_PLUGIN_INVALID',
      `${mine} must have a name and a list of components.`,
    ],
    [
      'an unknown kind',
      component("kind: 'looss'"),
      'KINDRED_PLUGIN_INVALID',
      `${mine} must give components[0] one of the kinds dataset,`,
    ],
    [
      'a component that is null',
      source('x', { components: '[null]' }),
      'KINDRED_PLUGIN_INVALID',
      `${mine} must give components[0] one of the kinds dataset,`,
    ],
    [
      'a name in capitals',
      component("name: 'Mine'"),
      'KINDRED_PLUGIN_INVALID',
      `${mine} must give components[0] a kebab-case name. Got Mine.`,
    ],
    [
      'a name that is a number',
      component('name: 5'),
      'KINDRED_PLUGIN_INVALID',
      `${mine} must give components[0] a kebab-case name. Got 5.`,
    ],
    [
      'version 0',
      component('version: 0'),
      'KINDRED_PLUGIN_INVALID',
      `${mine} must give components[0] (mine) a whole version of at least 1. Got 0.`,
    ],
    [
      'no options',
      component('options: undefined'),
      'KINDRED_PLUGIN_INVALID',
      `${mine} must give components[0] (mine) a zod schema as its options.`,
    ],
    [
      'a function that is missing',
      component("kind: 'transform', fit() {}"),
      'KINDRED_PLUGIN_INVALID',
      `${mine} must give components[0] (mine) the function apply(): every transform has one.`,
    ],
  ])('%s', async (_, text, code, message) => {
    const folder = await tempFolder({ 'mine.mjs': text });
    const error = await kindredErrorOf(() => loadPlugin('./mine.mjs', folder));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });

  it('a package.json that is not JSON', async () => {
    const folder = await tempFolder({ 'mine.mjs': source('x'), 'package.json': '{' });
    expect(await kindredErrorOf(() => loadPlugin('./mine.mjs', folder))).toMatchObject({
      code: 'KINDRED_PLUGIN_INVALID',
    });
  });
});

describe('a plugin for another API version is refused before any of its code runs', () => {
  const marking = (apiVersion: string) =>
    `import { writeFileSync } from 'node:fs'; writeFileSync(new URL('ran', import.meta.url), '');\n${source('x', { apiVersion })}`;

  it.each<[string, string, Record<string, string>, string, string]>([
    [
      'a newer file',
      './mine.mjs',
      { 'mine.mjs': marking('2') },
      'must be written for API version 1. Got 2.',
      'Upgrade Kindred.',
    ],
    [
      'an older file',
      './mine.mjs',
      { 'mine.mjs': marking('0') },
      'must be written for API version 1. Got 0.',
      'Upgrade ./mine.mjs.',
    ],
    [
      'a file that does not say',
      './mine.mjs',
      { 'mine.mjs': marking('ONE') },
      'must state the API version it was written for',
      '',
    ],
    [
      'a package, whatever its file says',
      './mine',
      {
        'mine/package.json': packageJson({ exports: './index.js', kindred: { apiVersion: 3 } }),
        'mine/index.js': marking('1'),
      },
      'must be written for API version 1. Got 3.',
      'Upgrade Kindred.',
    ],
  ])('%s', async (_, specifier, files, message, hint) => {
    const folder = await tempFolder(files);
    const error = await kindredErrorOf(() => loadPlugin(specifier, folder));
    expect(error.code).toBe('KINDRED_PLUGIN_API_VERSION');
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
    expect(['ran', 'mine/ran'].filter((file) => existsSync(path.join(folder, file)))).toEqual([]);
  });

  it('as the marker shows where the version is right', async () => {
    const folder = await tempFolder({ 'mine.mjs': marking('1') });
    await loadPlugin('./mine.mjs', folder);
    expect(existsSync(path.join(folder, 'ran'))).toBe(true);
  });
});
