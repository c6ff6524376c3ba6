import { describe, expect, it } from 'vitest';

import { parsePythonList } from './python-list.js';

// Expected values are those of Python's ast.literal_eval.
describe('parsePythonList', () => {
  it.each([
    [`[]`, []],
    [` [ ] `, []],
    [`['a']`, ['a']],
    [`['a', 'b c', "d"]`, ['a', 'b c', 'd']],
    [`['a',]`, ['a']],
    [`["it's", 'say "no"']`, [`it's`, 'say "no"']],
    [`['it\\'s', 'back\\\\slash']`, [`it's`, 'back\\slash']],
    [`['a, b', '[c]']`, ['a, b', '[c]']],
    [`['N/A']`, ['N/A']],
  ])('reads %s', (text, expected) => {
    expect(parsePythonList(text)).toEqual(expected);
  });

  it.each([``, `a`, `'a'`, `['a'`, `'a']`, `[a]`, `['a' 'b']`, `['a',,'b']`, `[,]`, `['a]`, `[1]`, `('a')`, `['a'] x`])(
    'refuses %s',
    (text) => {
      expect(parsePythonList(text)).toBeUndefined();
    },
  );

  it('takes time in proportion to a hostile text', () => {
    expect(parsePythonList(`[${'\\'.repeat(200_000)}`)).toBeUndefined();
    expect(parsePythonList(`['${"\\'".repeat(100_000)}]`)).toBeUndefined();
  });
});
