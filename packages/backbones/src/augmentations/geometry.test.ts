import { readFileSync } from 'node:fs';

import { createRandom, type Affine, type Augmentation } from '@kindred/core';
import { describe, expect, it } from 'vitest';

import { drawing } from '../../test/drawing.js';

import { augmentations, crop, horizontalFlip, rotation, shear, shift, verticalFlip, zoom } from './augmentations.js';

const { geometry: pillow } = JSON.parse(readFileSync(new URL('./fixtures/pillow.json', import.meta.url), 'utf8')) as {
  geometry: Readonly<Record<string, readonly number[]>>;
};

const SIDE = 5;
const SQUARE = { width: SIDE, height: SIDE };
const WIDE = { width: 40, height: 10 };
const UNMOVED = [1, 0, 0, 0, 1, 0];

function mapOf(augmentation: Augmentation, options: object, random = createRandom(1), size = SQUARE): Affine {
  return augmentation.geometry!(augmentation.options.parse(options), size, random);
}

/** Pillow's image moved: each pixel shows the one whose centre the map leads to, undefined from outside. */
function moved([a, b, c, d, e, f]: Affine): (number | undefined)[] {
  const middle = (SIDE - 1) / 2;
  return Array.from({ length: SIDE * SIDE }, (_, i) => [(i % SIDE) - middle, Math.floor(i / SIDE) - middle]).flatMap(
    ([x = 0, y = 0]) => {
      const [column, row] = [a * x + b * y + c + middle, d * x + e * y + f + middle].map(Math.round) as [
        number,
        number,
      ];
      const inside = Math.min(column, row) >= 0 && Math.max(column, row) < SIDE;
      return [0, 1, 2].map((channel) => (inside ? pillow['image']![(row * SIDE + column) * 3 + channel] : undefined));
    },
  );
}

describe('what moves pixels', () => {
  it.each<[string, Augmentation, object, ReturnType<typeof drawing>]>([
    ['horizontal-flip', horizontalFlip, { probability: 1 }, drawing(0)],
    ['vertical-flip', verticalFlip, { probability: 1 }, drawing(0)],
    ['rotation', rotation, { degrees: [90, 90] }, drawing(0, 0)],
    ['shear', shear, { degrees: [45, 45] }, drawing(0, 0, 0)],
    // As far as it goes to the right, and half as far as it goes down.
    ['shift', shift, { horizontal: 0.4, vertical: 0.4 }, drawing(0, 1, 0.75)],
  ])('shows what Pillow shows: %s', (name, augmentation, options, random) => {
    const result = moved(mapOf(augmentation, options, random));
    const expected = pillow[name]!;
    expect(result.filter((value) => value !== undefined).length).toBeGreaterThan(result.length / 3);
    result.forEach((value, i) => value !== undefined && expect(value).toBe(expected[i]));
  });

  it.each(augmentations.filter(({ geometry }) => geometry).map((augmentation) => ({ augmentation })))(
    'leaves images alone with a probability of 0: $augmentation.name',
    ({ augmentation }) => {
      for (let seed = 0; seed < 20; seed++) {
        expect(mapOf(augmentation, { probability: 0 }, createRandom(seed), WIDE)).toEqual(UNMOVED);
      }
    },
  );

  it('flips half of all images by default', () => {
    const random = createRandom(3);
    const flipped = Array.from({ length: 1000 }, () => mapOf(horizontalFlip, {}, random)[0]).filter((a) => a === -1);
    // The standard deviation is 16: five of them.
    expect(Math.abs(flipped.length - 500)).toBeLessThan(80);
  });

  it('shears both ways at once without changing the area', () => {
    const [a, b, , d, e] = mapOf(shear, { degrees: [30, 30], vertical: [20, 20] });
    expect(a * e - b * d).toBeCloseTo(1, 12);
  });

  it('enlarges above a factor of 1', () => {
    expect(mapOf(zoom, { factor: [2, 2] })).toEqual([0.5, 0, 0, 0, 0.5, 0]);
    expect(mapOf(zoom, { factor: 0.2 }, drawing(0, 1))[0]).toBeCloseTo(1 / 1.2, 12);
    expect(mapOf(zoom, { factor: 0.2 }, drawing(0, 0))[0]).toBeCloseTo(1 / 0.8, 12);
  });

  it('moves by shares of width and height', () => {
    const map = mapOf(shift, { horizontal: 0.5, vertical: 0.1 }, drawing(0, 0, 0), WIDE);
    expect(map).toEqual([1, 0, 20, 0, 1, 1]);
  });
});

describe('crop', () => {
  const sizes = [SQUARE, WIDE, { width: 1, height: 1 }, { width: 1, height: 30 }];

  it.each(sizes)('takes parts within an image of $width x $height, of the areas and shapes asked for', (size) => {
    const random = createRandom(4);
    for (let i = 0; i < 300; i++) {
      const [a, b, c, d, e, f] = mapOf(crop, { scale: [0.1, 0.5] }, random, size);
      const [width, height] = [a * size.width, e * size.height];
      expect([b, d]).toEqual([0, 0]);
      expect(Math.abs(c) + width / 2).toBeLessThanOrEqual(size.width / 2 + 1e-9);
      expect(Math.abs(f) + height / 2).toBeLessThanOrEqual(size.height / 2 + 1e-9);
      expect(width / height).toBeGreaterThan(0.75 - 1e-9);
      expect(width / height).toBeLessThan(4 / 3 + 1e-9);
      if (size === SQUARE) {
        expect(a * e).toBeGreaterThan(0.1 - 1e-9);
        expect(a * e).toBeLessThan(0.5 + 1e-9);
      }
    }
  });

  it('reaches every corner', () => {
    const options = { scale: [0.25, 0.25], ratio: [1, 1] };
    expect(mapOf(crop, options, drawing(0, 0, 0, 0, 0))).toEqual([0.5, 0, -1.25, 0, 0.5, -1.25]);
    expect(mapOf(crop, options, drawing(0, 0, 0, 1, 1))).toEqual([0.5, 0, 1.25, 0, 0.5, 1.25]);
  });

  it('takes the largest part of a right shape where none of the area asked for fits', () => {
    const options = { scale: [1, 1] };
    const [a, , , , e] = mapOf(crop, options, createRandom(1), WIDE);
    expect(a * WIDE.width).toBeCloseTo((10 * 4) / 3, 12);
    expect(e).toBe(1);
    const [tall, , , , high] = mapOf(crop, options, createRandom(1), { width: 10, height: 40 });
    expect(tall).toBe(1);
    expect(high * 40).toBeCloseTo((10 * 4) / 3, 12);
  });
});

describe('options', () => {
  it.each<[string, Augmentation, object]>([
    ['a range whose larger number comes first', rotation, { degrees: [10, -10] }],
    ['a negative angle for both ways', rotation, { degrees: -10 }],
    ['a turn of more than half a circle', rotation, { degrees: 181 }],
    ['a shear that leaves nothing', shear, { degrees: 90 }],
    ['a zoom to nothing', zoom, { factor: [0, 1] }],
    ['a factor that may be negative', zoom, { factor: 1.5 }],
    ['a part larger than the image', crop, { scale: [0.5, 1.1] }],
    ['a probability above 1', horizontalFlip, { probability: 1.1 }],
    ['an option that it does not have', verticalFlip, { degrees: 1 }],
  ])('refuse %s', (_, augmentation, options) => {
    expect(augmentation.options.safeParse(options).success).toBe(false);
  });
});
