import fc from 'fast-check';
import { expect, it } from 'vitest';

import { byCodePoint } from './by-code-point.js';

it('orders as UTF-8 bytes do, which is by code point', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      expect(Math.sign(byCodePoint(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});

it('puts characters beyond U+FFFF last, capitals first, whatever the locale', () => {
  expect(['ä', '😀', 'b', '\uff5e', 'A', 'a', 'ab'].sort(byCodePoint)).toEqual([
    'A',
    'a',
    'ab',
    'b',
    'ä',
    '\uff5e',
    '😀',
  ]);
});
