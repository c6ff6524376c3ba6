import { KindredError } from '@kindred/core';
import { describe, expect, it } from 'vitest';

import { plainStyle } from '../terminal/style.js';

import { errorToJson, exitCodeOf, explainError } from './explain.js';

const empty = new KindredError('KINDRED_IMAGE_EMPTY', { message: 'It is empty.', hint: 'Copy it again.' });
const invalid = new KindredError('KINDRED_MANIFEST_INVALID', {
  message: 'The manifest must have no mistakes. Got 2.',
  issues: [
    new KindredError('KINDRED_MANIFEST_VALUE', { message: 'm.json:3:5: seed must be a number.', hint: 'Write 42.' }),
    new KindredError('KINDRED_MANIFEST_UNKNOWN_KEY', { message: 'm.json:7:1: "brunches" is not known.' }),
  ],
});

describe('explainError', () => {
  it('tells message, code and hint of an error', () => {
    expect(explainError(empty, plainStyle, false)).toEqual([
      'error It is empty. [KINDRED_IMAGE_EMPTY]',
      '  → Copy it again.',
    ]);
  });

  it('gives every mistake a line of its own', () => {
    expect(explainError(invalid, plainStyle, false)).toEqual([
      'error The manifest must have no mistakes. Got 2. [KINDRED_MANIFEST_INVALID]',
      '  m.json:3:5: seed must be a number. [KINDRED_MANIFEST_VALUE]',
      '    → Write 42.',
      '  m.json:7:1: "brunches" is not known. [KINDRED_MANIFEST_UNKNOWN_KEY]',
    ]);
  });

  it('owns up to a bug', () => {
    expect(explainError(new TypeError('x is not a function'), plainStyle, false)).toEqual([
      'error This is a bug in Kindred or in a plugin, not a mistake of yours: x is not a function [KINDRED_INTERNAL]',
      '  → Run it again with --verbose for the stack, and report both.',
    ]);
    expect(explainError('thrown text', plainStyle, false)[0]).toMatch(/: thrown text \[KINDRED_INTERNAL\]$/);
  });

  it('shows stack and cause when asked', () => {
    const cause = new Error('disk on fire');
    const lines = explainError(new KindredError('KINDRED_STORE_FULL', { message: 'Full.', cause }), plainStyle, true);
    expect(lines.at(-1)).toMatch(/Full\.\n {4}at [^]*disk on fire/);
  });
});

it('exitCodeOf follows the error table; a bug is a failed run', () => {
  expect([empty, invalid, new Error(), undefined].map(exitCodeOf)).toEqual([1, 2, 1, 1]);
});

it('errorToJson keeps what machines need and leaves out stacks', () => {
  expect(errorToJson(invalid)).toEqual({
    code: 'KINDRED_MANIFEST_INVALID',
    message: 'The manifest must have no mistakes. Got 2.',
    issues: [
      { code: 'KINDRED_MANIFEST_VALUE', message: 'm.json:3:5: seed must be a number.', hint: 'Write 42.' },
      { code: 'KINDRED_MANIFEST_UNKNOWN_KEY', message: 'm.json:7:1: "brunches" is not known.' },
    ],
  });
  expect(errorToJson(new Error('boom'))).toEqual({
    code: 'KINDRED_INTERNAL',
    message: 'This is a bug in Kindred or in a plugin, not a mistake of yours: boom',
    hint: 'Run it again with --verbose for the stack, and report both.',
  });
});
