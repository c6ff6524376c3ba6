import { describe, expect, it } from 'vitest';

import { readOptions, UsageError } from './options.js';

describe('readOptions', () => {
  it('draws 400 posters unless told otherwise, and samples 1000 of a set given', () => {
    expect(readOptions([])).toEqual({ data: undefined, count: 400, out: '.kindred/quickstart', offline: false });
    expect(readOptions(['--data', 'mine'])).toMatchObject({ data: 'mine', count: 1000 });
  });

  it.each([
    [['--count', '5'], /--count must be a whole number of at least 30\. Got 5\./],
    [['--count', 'many'], /Got many/],
    [['--dtaa', 'x'], /--dtaa/],
    [['mine'], /mine/],
  ])('refuses %j', (args, message) => {
    expect(() => readOptions(args)).toThrow(UsageError);
    expect(() => readOptions(args)).toThrow(message);
  });
});
