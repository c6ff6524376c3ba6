import { describe, expect, it } from 'vitest';

import { kindredErrorOf } from '../../test/support/catch-error.js';

import { parseManifest } from './source.js';

describe('parseManifest reads JSON', () => {
  it.each([
    ['plain', '{"a": [1, true, null, "x"]}', { a: [1, true, null, 'x'] }],
    ['with comments', '// first\n{ /* one */ "a": 1 } // last', { a: 1 }],
    ['with trailing commas', '{"a": [1, 2,],}', { a: [1, 2] }],
    ['after a byte order mark', '\uFEFF{"a": 1}', { a: 1 }],
    ['with Windows line ends', '{\r\n"a": 1\r\n}\r\n', { a: 1 }],
    ['that is no object', '[1]', [1]],
    ['null', 'null', null],
  ])('%s', (_, text, value) => {
    expect(parseManifest(text, 'm.json').value).toEqual(value);
  });
});

describe('parseManifest refuses, with file, line and column,', () => {
  it.each([
    ['an empty file', '', ['m.json: a manifest must not be empty.']],
    ['white space alone', ' \n ', ['m.json: a manifest must not be empty.']],
    ['comments alone', '// nothing', ['m.json: a manifest must not be empty.']],
    ['a missing comma', '{\n  "a": 1\n  "b": 2\n}', ['m.json:3:3: a manifest must be JSON. Got comma expected.']],
    ['single quotes', "{'a': 1}", ['m.json:1:2: a manifest must be JSON. Got invalid symbol.']],
    ['an open brace', '{"a": 1', ['m.json:1:8: a manifest must be JSON. Got close brace expected.']],
    ['text after the end', '{} x', ['m.json:1:4: a manifest must be JSON. Got invalid symbol.']],
    [
      'a key that stands twice',
      '{\n  "a": 1,\n  "b": { "c": 1, "c": 2 },\n  "a": 2\n}',
      [
        'm.json:3:18: a key must stand once in its object. Got "c" again.',
        'm.json:4:3: a key must stand once in its object. Got "a" again.',
      ],
    ],
    [
      '__proto__ at any depth',
      '{ "a": [{ "__proto__": 1 }] }',
      ['m.json:1:11: every key must be known. Got "__proto__", which never is.'],
    ],
  ])('%s', async (_, text, messages) => {
    const error = await kindredErrorOf(() => parseManifest(text, 'm.json'));
    expect(error.code).toBe('KINDRED_MANIFEST_INVALID');
    expect(error.issues.map(({ message }) => message)).toEqual(expect.arrayContaining(messages));
    expect(error.issues[0]?.message).toBe(messages[0]);
  });

  it('a byte order mark does not shift the columns by more than itself', async () => {
    const error = await kindredErrorOf(() => parseManifest('\uFEFF{\n  "a" 1 }', 'm.json'));
    expect(error.issues[0]?.message).toBe('m.json:2:7: a manifest must be JSON. Got colon expected.');
  });
});

describe('a source tells where a path stands', () => {
  const source = parseManifest('{\n  "a": { "b": [10, 20] }\n}', 'm.json');

  it.each([
    [[], 'm.json:1:1'],
    [['a'], 'm.json:2:8'],
    [['a', 'b', 1], 'm.json:2:20'],
    [['a', 'missing'], 'm.json:2:8'],
    [['nowhere'], 'm.json:1:1'],
  ])('%j', (path, place) => {
    expect(source.locate(path)).toBe(place);
  });

  it('and where its key does', () => {
    expect(source.locateKey(['a', 'b'])).toBe('m.json:2:10');
  });
});
