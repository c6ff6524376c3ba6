import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import type { Affine } from '../../plugin/contract.js';
import { uint8 } from '../../tensor/nd-array.js';

import { IDENTITY, inSequence } from './affine.js';
import { warp } from './warp.js';

interface Case {
  readonly name: string;
  readonly shape: readonly number[];
  readonly affine: Affine;
  readonly image: readonly number[];
  readonly result: readonly number[];
}

const { cases } = JSON.parse(readFileSync(new URL('./fixtures/affine.json', import.meta.url), 'utf8')) as {
  cases: readonly Case[];
};
const image = uint8(
  [3, 4, 2],
  Array.from({ length: 24 }, (_, i) => (i * 53) % 256),
);
const FLIP: Affine = [-1, 0, 0, 0, 1, 0];

describe('warp', () => {
  it.each(cases)('gives what SciPy gives for $name', ({ shape, affine, image: pixels, result }) => {
    const warped = warp(uint8(shape, pixels), affine);
    expect(warped.shape).toEqual(shape);
    // SciPy's are fractions with three digits: rounding is half of one, and where it lies between two either may come.
    warped.data.forEach((value, i) => expect(Math.abs(value - result[i]!)).toBeLessThanOrEqual(0.501));
  });

  it('gives the image itself for the identity', () => {
    expect(warp(image, IDENTITY)).toBe(image);
  });

  it('loses nothing in a flip, and leaves the image given as it is', () => {
    const before = image.data.slice();
    const flipped = warp(image, FLIP);
    const rows = [0, 1, 2].flatMap((y) => [3, 2, 1, 0].map((x) => (y * 4 + x) * 2));
    expect([...flipped.data]).toEqual(rows.flatMap((at) => [...image.data.subarray(at, at + 2)]));
    expect(warp(flipped, FLIP)).toEqual(image);
    expect(image.data).toEqual(before);
  });

  it('rounds to the nearest integer', () => {
    const pair = uint8([1, 2, 1], [10, 20]);
    expect([...warp(pair, [1, 0, 0.26, 0, 1, 0]).data]).toEqual([13, 20]);
    expect([...warp(pair, [1, 0, 0.24, 0, 1, 0]).data]).toEqual([12, 20]);
  });
});

describe('inSequence', () => {
  const half: Affine = [0.5, 0, 0, 0, 0.5, 0];
  const right: Affine = [1, 0, -2, 0, 1, 0];

  it('asks the last change first', () => {
    // Enlarged, then moved: two pixels of the enlarged image are one of the given.
    expect(inSequence(half, right)).toEqual([0.5, 0, -1, 0, 0.5, 0]);
    // Moved, then enlarged, the move as well.
    expect(inSequence(right, half)).toEqual([0.5, 0, -2, 0, 0.5, 0]);
  });

  it('is what one change after another gives, where none of them interpolates', () => {
    const turn: Affine = [0, -1, 0, 1, 0, 0];
    const square = uint8([3, 3, 1], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(warp(square, inSequence(turn, FLIP))).toEqual(warp(warp(square, turn), FLIP));
    expect(warp(square, inSequence(FLIP, turn))).toEqual(warp(warp(square, FLIP), turn));
    expect(warp(square, inSequence(turn, FLIP))).not.toEqual(warp(square, inSequence(FLIP, turn)));
  });
});
