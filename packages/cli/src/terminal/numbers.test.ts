import { describe, expect, it } from 'vitest';

import { formatBytes, formatDuration, formatRate, formatScore, formatUnits } from './numbers.js';

describe('formatDuration shows two units at most', () => {
  it.each([
    [0, '0.0 s'],
    [3.14, '3.1 s'],
    [9.94, '9.9 s'],
    [9.96, '10 s'],
    [59.4, '59 s'],
    [59.6, '1 min 00 s'],
    [65, '1 min 05 s'],
    [3599.7, '1 h 00 min'],
    [3661, '1 h 01 min'],
    [7199, '2 h 00 min'],
    [360_000, '100 h 00 min'],
  ])('%d seconds: %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));
});

describe('formatRate', () => {
  it.each([
    [1234.5, '1235/s'],
    [99.94, '99.9/s'],
    [17.84, '17.8/s'],
    [1, '1.0/s'],
    [0.25, '4.0 s each'],
  ])('%d in a second: %s', (rate, text) => expect(formatRate(rate)).toBe(text));
});

describe('formatUnits', () => {
  it.each([
    [0, 'images', '0 images'],
    [1, 'images', '1 image'],
    [1, 'batches', '1 batch'],
    [1, 'copies', '1 copy'],
    [12_345, 'labels', '12,345 labels'],
    [7, '', '7'],
  ])('%d %s: %s', (count, unit, text) => expect(formatUnits(count, unit)).toBe(text));
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [95_128_781, '90.7 MiB'],
    [3 * 1024 ** 4, '3.0 TiB'],
  ])('%d: %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});

it('formatScore says nothing where a value is not defined', () => {
  expect([0.12345, 1, null, undefined, NaN].map(formatScore)).toEqual(['0.123', '1.000', '-', '-', '-']);
});
