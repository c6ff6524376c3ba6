import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { KindredError, isKindredError } from './kindred-error.js';
import { ERRORS, type ErrorCode } from './table.js';

const workspace = path.resolve(import.meta.dirname, '../../../..');
const codes = Object.keys(ERRORS) as ErrorCode[];

describe('the table of errors', () => {
  it('and docs/ERRORS.md list the same codes, demands and exit codes, in the same order', () => {
    const doc = readFileSync(path.join(workspace, 'docs/ERRORS.md'), 'utf8');
    const rows = [...doc.matchAll(/^\| `(KINDRED_\w+)` *\| (.+?) *\| (\d) *\| (.+?) *\| (.+?) *\|$/gm)];
    const table = codes.map((code) => [code, ERRORS[code].summary, String(ERRORS[code].exit)]);
    expect(rows.map(([, code, summary, exit]) => [code, summary, exit])).toEqual(table);
  });

  it('holds no code that nothing raises', () => {
    const sources = readdirSync(path.join(workspace, 'packages'))
      .flatMap((name) => sourceFiles(path.join(workspace, 'packages', name, 'src')))
      .filter((file) => !file.endsWith(path.join('errors', 'table.ts')))
      .map((file) => readFileSync(file, 'utf8'));
    // In quotes it is an argument; in comments codes stand without them.
    const dead = codes.filter((code) => !sources.some((text) => text.includes(`'${code}'`)));
    expect(dead).toEqual([]);
  });

  it.each(codes)('%s is named by area and problem, and says what must hold', (code) => {
    expect(code).toMatch(/^KINDRED(_[A-Z]+)+$/);
    expect(ERRORS[code].summary).toMatch(/^[A-Z].*\b(must|needs?|was stopped)\b.*\.$/);
  });
});

describe('isKindredError', () => {
  const foreign = Object.assign(new Error('x'), { name: 'KindredError', code: 'KINDRED_USAGE' });

  it.each<[string, unknown, boolean]>([
    ['one of ours', new KindredError('KINDRED_USAGE', { message: 'x' }), true],
    ['one of another copy of this package', foreign, true],
    ['an unknown code', Object.assign(new Error('x'), { name: 'KindredError', code: 'KINDRED_NONE' }), false],
    ['a code that every object has', Object.assign(new Error('x'), { name: 'KindredError', code: 'toString' }), false],
    ["Node's own error", Object.assign(new Error('x'), { code: 'ENOENT' }), false],
    ['a text', 'KINDRED_USAGE', false],
  ])('%s', (_, error, expected) => {
    expect(isKindredError(error)).toBe(expected);
  });
});

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => path.join(folder, name));
}
