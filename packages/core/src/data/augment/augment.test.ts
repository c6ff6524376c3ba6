import { describe, expect, it } from 'vitest';

import { augmentations } from '../../../test/support/augmentations.js';
import { createRandom } from '../../context/random.js';
import { isKindredError } from '../../errors/kindred-error.js';
import type { Bound } from '../../plugin/bound.js';
import type { Affine, Augmentation, ImageBatchData } from '../../plugin/contract.js';
import { float32, uint8 } from '../../tensor/nd-array.js';

import { augmentImage, mixBatch } from './augment.js';
import { warp } from './warp.js';

const image = uint8(
  [6, 8, 3],
  Array.from({ length: 144 }, (_, i) => (i * 37) % 256),
);
const batch: ImageBatchData = { images: uint8([2, 1, 1, 1], [9, 8]), targets: float32([2, 2], [1, 0, 0, 1]) };

/** An augmentation whose functions give what a test says. */
const odd = (component: Partial<Augmentation>) => {
  const [bound] = augmentations({ use: 'mirror' }) as [Bound<'augmentation'>];
  return [{ ...bound, component: { ...bound.component, geometry: undefined, ...component } as Augmentation }];
};

function failure(action: () => unknown): readonly [string, string] {
  try {
    action();
  } catch (error) {
    if (isKindredError(error)) return [error.code, error.message];
    throw error;
  }
  throw new Error('it did not fail');
}

describe('augmentImage', () => {
  it('gives the same image for the same seed, and others for others', () => {
    const list = augmentations({ use: 'move' }, { use: 'noise' });
    expect(augmentImage(list, image, 5)).toEqual(augmentImage(list, image, 5));
    expect(augmentImage(list, image, 5)).not.toEqual(augmentImage(list, image, 6));
  });

  it('resamples once, however many maps follow one another', () => {
    // Half a pixel to and fro: two resamplings would blur.
    const back: Affine = [1, 0, -0.5, 0, 1, 0];
    const list = [...odd({ geometry: () => [1, 0, 0.5, 0, 1, 0] }), ...odd({ geometry: () => back })];
    expect(augmentImage(list, image, 1)).toEqual(image);
    const between = [list[0]!, ...odd({ apply: (_, given) => given }), list[1]!];
    expect(augmentImage(between, image, 1)).toEqual(warp(warp(image, [1, 0, 0.5, 0, 1, 0]), back));
  });

  it('goes in the order of the manifest', () => {
    const first = odd({
      apply: (_, { shape, data }) =>
        uint8(
          shape,
          data.map((value) => value >> 1),
        ),
    });
    const second = odd({
      apply: (_, { shape, data }) =>
        uint8(
          shape,
          data.map((value) => value | 1),
        ),
    });
    expect(augmentImage([...first, ...second], image, 1).data[1]).toBe((image.data[1]! >> 1) | 1);
    expect(augmentImage([...second, ...first], image, 1).data[1]).toBe((image.data[1]! | 1) >> 1);
  });

  it('gives each its own random numbers: one that draws more changes nothing for the next', () => {
    const draws = (count: number) =>
      odd({
        geometry: (_options, _size, random) => {
          for (let i = 0; i < count; i++) random.next();
          return [1, 0, 0, 0, 1, 0];
        },
      });
    const [noise] = augmentations({ use: 'noise' });
    expect(augmentImage([...draws(0), noise!], image, 3)).toEqual(augmentImage([...draws(9), noise!], image, 3));
  });

  it('leaves the image given as it is', () => {
    const before = image.data.slice();
    augmentImage(augmentations({ use: 'move' }, { use: 'noise' }, { use: 'mirror' }), image, 2);
    expect(image.data).toEqual(before);
  });

  it.each<[string, Partial<Augmentation>, string]>([
    [
      'five numbers',
      { geometry: () => [1, 0, 0, 0, 1] as never },
      'six finite numbers from "geometry". Got [1, 0, 0, 0, 1].',
    ],
    [
      'a map that is not finite',
      { geometry: () => [1, 0, NaN, 0, 1, 0] },
      'six finite numbers from "geometry". Got [1, 0, NaN, 0, 1, 0].',
    ],
    ['no map', { geometry: () => undefined as never }, 'six finite numbers from "geometry". Got undefined.'],
    [
      'another shape',
      { apply: () => uint8([8, 6, 3]) },
      'the image as uint8 [6, 8, 3] from "apply". Got uint8 [8, 6, 3] of 144 values.',
    ],
    [
      'another type',
      { apply: () => float32([6, 8, 3]) as never },
      'the image as uint8 [6, 8, 3] from "apply". Got float32 [6, 8, 3] of 144 values.',
    ],
    [
      'too few values',
      { apply: () => ({ ...image, data: new Uint8Array(7) }) },
      'the image as uint8 [6, 8, 3] from "apply". Got uint8 [6, 8, 3] of 7 values.',
    ],
    [
      'a promise',
      { apply: () => Promise.resolve(image) as never },
      'the image as uint8 [6, 8, 3] from "apply". Got a promise.',
    ],
    ['nothing', { apply: () => null as never }, 'the image as uint8 [6, 8, 3] from "apply". Got null.'],
  ])('refuses %s', (_, component, reason) => {
    expect(failure(() => augmentImage(odd(component), image, 1))).toEqual([
      'KINDRED_PLUGIN_RESULT',
      `The augmentation mirror of test-augmentations must return ${reason}`,
    ]);
  });

  it('names the plugin whose code throws', () => {
    expect(failure(() => augmentImage(augmentations({ use: 'unruly', way: 'throw' }), image, 1))).toEqual([
      'KINDRED_PLUGIN_FAILED',
      'The augmentation unruly of test-augmentations must not throw. It did in "apply": cannot read a pixel',
    ]);
  });
});

describe('mixBatch', () => {
  it('mixes one after another, each with random numbers of its own', () => {
    const list = augmentations({ use: 'roll' }, { use: 'roll' });
    const once = mixBatch(list.slice(1), batch, createRandom(1));
    const twice = mixBatch(list, batch, createRandom(1));
    expect(mixBatch(list, batch, createRandom(1))).toEqual(twice);
    expect(twice.targets.data[0]).toBeLessThan(once.targets.data[0]!);
    expect(mixBatch([], batch, createRandom(1))).toBe(batch);
  });

  it.each<[string, Partial<ImageBatchData> | undefined, string]>([
    ['no batch', undefined, 'images as uint8 [2, 1, 1, 1] from "mix". Got undefined.'],
    [
      'fewer images',
      { ...batch, images: uint8([1, 1, 1, 1]) },
      'images as uint8 [2, 1, 1, 1] from "mix". Got uint8 [1, 1, 1, 1] of 1 values.',
    ],
    [
      'targets of another shape',
      { ...batch, targets: float32([2]) },
      'targets as float32 [2, 2] from "mix". Got float32 [2] of 2 values.',
    ],
    [
      'a target above 1',
      { ...batch, targets: float32([2, 2], [1, 0, 1.5, 0]) },
      'targets in [0, 1] from "mix". Got 1.5.',
    ],
    [
      'a target that is not a number',
      { ...batch, targets: float32([2, 2], [1, 0, NaN, 0]) },
      'targets in [0, 1] from "mix". Got NaN.',
    ],
  ])('refuses %s', (_, result, reason) => {
    const list = odd({ mix: () => result as ImageBatchData });
    expect(failure(() => mixBatch(list, batch, createRandom(1)))).toEqual([
      'KINDRED_PLUGIN_RESULT',
      `The augmentation mirror of test-augmentations must return ${reason}`,
    ]);
  });
});
