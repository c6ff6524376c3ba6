import { readFileSync } from 'node:fs';

import { createRandom, uint8, type Augmentation } from '@kindred/core';
import { describe, expect, it } from 'vitest';

import { brightness, contrast, cutout, saturation } from './augmentations.js';

interface Case {
  readonly name: 'brightness' | 'contrast' | 'saturation';
  readonly factor: number;
  readonly shape: readonly number[];
  readonly image: readonly number[];
  readonly result: readonly number[];
}
const { colour } = JSON.parse(readFileSync(new URL('./fixtures/pillow.json', import.meta.url), 'utf8')) as {
  colour: readonly Case[];
};
const components = { brightness, contrast, saturation };

function changed(augmentation: Augmentation, options: object, image = example, seed = 1) {
  return augmentation.apply!(augmentation.options.parse(options), image, createRandom(seed));
}
const example = uint8(
  [10, 16, 3],
  Array.from({ length: 480 }, (_, i) => (i * 67) % 256),
);

describe('colours', () => {
  it.each(colour)('$name by $factor is what Pillow gives for $shape', ({ name, factor, shape, image, result }) => {
    const { data } = changed(components[name], { factor: [factor, factor] }, uint8(shape, image));
    // Pillow cuts fractions off where this rounds, and rounds grey, which it multiplies by 1 - factor, before.
    const tolerance = 1 + (name === 'brightness' ? 0 : 0.5 * Math.abs(1 - factor));
    data.forEach((value, i) => expect(Math.abs(value - result[i]!)).toBeLessThanOrEqual(tolerance));
  });

  it.each([brightness, contrast, saturation, cutout])(
    '$name: a probability of 0 gives an equal copy',
    (augmentation) => {
      const copy = changed(augmentation, { probability: 0 });
      expect(copy).toEqual(example);
      expect(copy.data).not.toBe(example.data);
    },
  );

  it('draws factors from 1 - d to 1 + d', () => {
    const plain = uint8([1, 1, 1], [100]);
    const { apply, options } = brightness;
    const random = createRandom(1);
    const values = Array.from({ length: 1000 }, () => apply!(options.parse({ factor: 0.2 }), plain, random).data[0]!);
    expect([Math.min(...values), Math.max(...values)]).toEqual([80, 120]);
  });

  it('leaves grey images alone where saturation is concerned', () => {
    const grey = uint8(
      [10, 16, 3],
      Array.from({ length: 480 }, (_, i) => Math.floor(i / 3)),
    );
    expect(changed(saturation, { factor: [3, 3] }, grey)).toEqual(grey);
    const one = uint8(
      [4, 5, 1],
      Array.from({ length: 20 }, (_, i) => 12 * i),
    );
    expect(changed(saturation, { factor: [0, 0] }, one)).toEqual(one);
  });
});

describe('cutout', () => {
  /** How many pixels differ from the example, in each of its rows and columns. */
  function hole(options: object, seed: number) {
    const { data } = changed(cutout, options, example, seed);
    const pixels = Array.from({ length: 160 }, (_, i) =>
      [0, 1, 2].some((c) => data[3 * i + c] !== example.data[3 * i + c]),
    );
    const rows = new Set(pixels.flatMap((cut, i) => (cut ? [Math.floor(i / 16)] : [])));
    const columns = new Set(pixels.flatMap((cut, i) => (cut ? [i % 16] : [])));
    return { cut: pixels.filter(Boolean).length, rows: rows.size, columns: columns.size };
  }
  // 255 is in the example nowhere.
  const white = { fill: 255 };

  it('blots out a square of the share of the shorter side, less where it is at an edge', () => {
    const holes = Array.from({ length: 60 }, (_, seed) => hole({ length: 0.4, ...white }, seed));
    expect(Math.max(...holes.map(({ cut }) => cut))).toBe(16);
    expect(Math.min(...holes.map(({ cut }) => cut))).toBeLessThan(16);
    for (const { cut, rows, columns } of holes) expect(cut).toBe(rows * columns);
  });

  it('blots out as many as asked for', () => {
    const most = (holes: number) =>
      Math.max(...Array.from({ length: 40 }, (_, seed) => hole({ holes, length: 0.1, ...white }, seed).cut));
    expect([most(1), most(3)]).toEqual([1, 3]);
  });

  it('takes at least a pixel, and at most all', () => {
    expect(hole({ length: 0.001, ...white }, 1).cut).toBe(1);
    expect(changed(cutout, { length: 2, fill: 9 }, uint8([1, 1, 3], [1, 2, 3])).data).toEqual(Uint8Array.of(9, 9, 9));
  });

  it("fills with the image's own mean colour unless told otherwise", () => {
    const halves = uint8([1, 2, 3], [10, 20, 30, 20, 40, 61]);
    const { data } = changed(cutout, { length: 1 }, halves);
    expect([...data].filter((_, i) => data[i] !== halves.data[i])).toEqual([15, 30, 46]);
  });
});
