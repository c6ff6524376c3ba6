import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import type { Augmentation, ImageBatchData } from '../plugin/contract.js';
import { defineAugmentation } from '../plugin/define.js';
import { float32, uint8 } from '../tensor/nd-array.js';

import { runChecks } from './check.js';
import { augmentationChecks } from './checks-augmentation.js';

const info = { name: 'example', version: 1, summary: 'A test augmentation.', options: z.strictObject({}) };
const FORM = 'keeps shape and type: of grey and colour, of any proportions, of a single pixel';
const MAP = 'gives a finite map of six numbers, if it moves pixels';
const SAME = 'gives the same for the same seed';
const DIFFERS = 'differs between seeds, if it draws random numbers';
const UNCHANGED = 'leaves what it is given unchanged';
const TARGETS = 'keeps targets within [0, 1]';

const shift = defineAugmentation({
  ...info,
  geometry: (_, { width }, random) => [1, 0, width * random.next(), 0, 1, 0],
});
const noise = defineAugmentation({
  ...info,
  apply: (_, { shape, data }, random) =>
    uint8(
      shape,
      data.map((value) => value ^ random.integer(16)),
    ),
});
const fade = defineAugmentation({
  ...info,
  mix: (_, { images, targets }, random) => ({ images, targets: scaled(targets, random.next()) }),
});

function scaled({ shape, data }: ImageBatchData['targets'], by: number): ImageBatchData['targets'] {
  return float32(
    shape,
    data.map((value) => value * by),
  );
}

const good: [kind: string, augmentation: Augmentation][] = [
  ['geometry', shift],
  ['apply', noise],
  ['mix', fade],
  ['geometry that draws nothing', { ...shift, geometry: () => [-1, 0, 0, 0, 1, 0] }],
];

const bad: [hazard: string, failing: readonly string[], augmentation: Augmentation][] = [
  [
    'turns the image on its side',
    [FORM],
    { ...noise, apply: (_, { shape: [h = 1, w = 1, c = 1], data }, random) => uint8([w, h, c], noisy(data, random)) },
  ],
  [
    'takes every image for colour',
    [FORM],
    {
      ...noise,
      apply: (_, { shape: [h = 1, w = 1] }, random) => uint8([h, w, 3], noisy(new Uint8Array(h * w * 3), random)),
    },
  ],
  [
    'leaves out an image of the batch',
    [FORM],
    {
      ...fade,
      mix: (_, { targets }, random) => ({ images: uint8([2, 1, 1, 1]), targets: scaled(targets, random.next()) }),
    },
  ],
  [
    'drops the targets of the last image',
    [FORM],
    {
      ...fade,
      mix: (_, { images, targets }, random) => ({
        images,
        targets: float32(
          [2, 2],
          targets.data.slice(0, 4).map(() => random.next()),
        ),
      }),
    },
  ],
  [
    'divides by a width that may be 1',
    [MAP],
    { ...shift, geometry: (_, { width }, random) => [1, 0, random.next() / (width - 1), 0, 1, 0] },
  ],
  [
    'forgets the last number of a map',
    [MAP],
    { ...shift, geometry: (_, _size, random) => [1, 0, random.next(), 0, 1] as never },
  ],
  [
    'draws from Math.random',
    [SAME],
    {
      ...noise,
      apply: (_, { shape, data }) =>
        uint8(
          shape,
          data.map((value) => value ^ Math.floor(16 * Math.random())),
        ),
    },
  ],
  [
    'keeps the random numbers of the first image',
    [DIFFERS],
    { ...shift, geometry: (_, _size, random) => [1, 0, random.next() * 0, 0, 1, 0] },
  ],
  [
    'writes into the image',
    [UNCHANGED],
    {
      ...noise,
      apply: (_, image, random) => {
        image.data.forEach((value, i) => (image.data[i] = value ^ random.integer(16)));
        return image;
      },
    },
  ],
  [
    'writes into the targets',
    [UNCHANGED],
    {
      ...fade,
      mix: (_, batch, random) => {
        batch.targets.data.forEach((value, i) => (batch.targets.data[i] = value * random.next()));
        return batch;
      },
    },
  ],
  [
    'adds targets up',
    [TARGETS],
    { ...fade, mix: (_, { images, targets }, random) => ({ images, targets: scaled(targets, 1 + random.next()) }) },
  ],
  [
    'divides targets by the number of their place',
    [TARGETS],
    {
      ...fade,
      mix: (_, { images, targets }, random) => ({
        images,
        targets: float32(
          targets.shape,
          targets.data.map((value, row) => (value * random.next()) / row),
        ),
      }),
    },
  ],
];

function noisy(data: Uint8Array, random: { integer(limit: number): number }): Uint8Array {
  return data.map((value) => value ^ random.integer(16));
}

const failures = async (augmentation: Augmentation) =>
  (await runChecks(augmentationChecks, augmentation)).filter(({ error }) => error).map(({ name }) => name);

describe('augmentation checks', () => {
  it.each(good)('pass for %s', async (_, augmentation) => {
    expect(await failures(augmentation)).toEqual([]);
  });

  it.each(bad)('fail, and no others, for one that %s', async (_, failing, augmentation) => {
    expect(await failures(augmentation)).toEqual(failing);
  });
});
