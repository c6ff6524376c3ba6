import { isDeepStrictEqual } from 'node:util';

import { createRandom, type Random } from '../context/random.js';
import type { Affine, Augmentation, ImageBatchData } from '../plugin/contract.js';
import { float32, uint8, type NdArray } from '../tensor/nd-array.js';

import { type Check, expectThat } from './check.js';
import { recordedRandom } from './detector/recorded-random.js';

type Image = NdArray<'uint8'>;

/** What every augmentation must do. */
export const augmentationChecks: readonly Check<Augmentation>[] = [
  check('keeps shape and type: of grey and colour, of any proportions, of a single pixel', (augmentation, options) => {
    for (const shape of SHAPES) {
      const given = example(shape);
      for (const seed of SEEDS) {
        const { images, targets } = change(augmentation, options, given, seed);
        const [expected, seen] = [given.images, images].map((image) => describe(image));
        expectThat(seen === expected, {
          expected: `Images ${expected} must stay of that shape and type.`,
          seen: String(seen),
          fix: 'Read height, width and channels from `shape`: channels are 1 or 3, and an image may be one pixel.',
        });
        expectThat(describe(targets) === describe(given.targets), {
          expected: `Targets ${describe(given.targets)} must stay of that shape and type.`,
          seen: describe(targets),
          fix: 'Return one row for each image, in their order.',
        });
      }
    }
  }),
  check('gives a finite map of six numbers, if it moves pixels', (augmentation, options) => {
    if (!augmentation.geometry) return;
    for (const [height, width] of SHAPES) {
      for (const seed of SEEDS) {
        const map = augmentation.geometry(options, { width, height }, stream(seed)) as unknown;
        expectThat(Array.isArray(map) && map.length === 6 && map.every((value) => Number.isFinite(value)), {
          expected: `The map of an image of ${width} x ${height} pixels must be six finite numbers.`,
          seen: JSON.stringify(map) ?? 'undefined',
          fix: 'Divide by nothing that can be 0; return [1, 0, 0, 0, 1, 0] to leave the image alone.',
        });
      }
    }
  }),
  check('gives the same for the same seed', (augmentation, options) => {
    const [one, other] = [change(augmentation, options, example(), 5), change(augmentation, options, example(), 5)];
    expectThat(isDeepStrictEqual(one, other), {
      expected: 'Two changes with the same seed must be the same.',
      seen: 'a difference',
      fix: 'Draw from `random` alone, and keep nothing between calls.',
    });
  }),
  check('differs between seeds, if it draws random numbers', (augmentation, options) => {
    let drawn = 0;
    const results = Array.from({ length: 50 }, (_, seed) => {
      return change(
        augmentation,
        options,
        example(),
        recordedRandom(() => drawn++, stream(seed)),
      );
    });
    // One that draws nothing is the same each time on purpose.
    expectThat(drawn === 0 || results.some((other) => !isDeepStrictEqual(results[0], other)), {
      expected: 'What is drawn must matter: fifty seeds must not all give the same.',
      seen: `${drawn} numbers drawn, and no difference`,
      fix: 'Let what comes from `random` decide how the image changes.',
    });
  }),
  check('leaves what it is given unchanged', (augmentation, options) => {
    for (const seed of SEEDS) {
      const given = example();
      const filled = structuredClone(options);
      change(augmentation, options, given, seed);
      expectThat(isDeepStrictEqual(given, example()) && isDeepStrictEqual(options, filled), {
        expected: 'Images, targets and options must stay as they were.',
        seen: 'one of them changed',
        fix: 'Write into a copy: data.slice().',
      });
    }
  }),
  check('keeps targets within [0, 1]', (augmentation, options) => {
    for (const seed of SEEDS) {
      const { targets } = change(augmentation, options, example(), seed);
      const odd = targets.data.find((value) => !(value >= 0 && value <= 1));
      expectThat(odd === undefined, {
        expected: 'Targets of mixed images must be numbers in [0, 1].',
        seen: String(odd),
        fix: 'Mix targets in shares that add up to 1.',
      });
    }
  }),
];

const SEEDS = [0, 1, 2, 3, 4, 5, 6, 7];
const SHAPES: readonly (readonly [height: number, width: number, channels: number])[] = [
  [12, 16, 3],
  [16, 12, 1],
  [1, 1, 3],
  [1, 1, 1],
  [1, 9, 3],
  [9, 1, 1],
];

function check(name: string, body: (augmentation: Augmentation, options: unknown) => void): Check<Augmentation> {
  const run = async (augmentation: Augmentation, options: object = {}) => {
    await Promise.resolve();
    body(augmentation, augmentation.options.parse(options));
  };
  return { name, run };
}

/** As in training, one of many forks: streams of neighbouring seeds begin alike. */
const stream = (seed: number): Random => createRandom(1).fork(String(seed));

/** Three images that differ, with the targets of one-hot and of several labels. */
function example([height, width, channels]: (typeof SHAPES)[number] = SHAPES[0]!): ImageBatchData {
  const random = createRandom(17);
  const images = uint8([3, height, width, channels]);
  for (let i = 0; i < images.data.length; i++) images.data[i] = random.integer(256);
  return { images, targets: float32([3, 2], [1, 0, 0, 1, 1, 1]) };
}

/** What becomes of a batch: a map as well stands for the images that it makes. */
function change(
  augmentation: Augmentation,
  options: unknown,
  given: ImageBatchData,
  from: number | Random,
): ImageBatchData & { readonly map?: Affine } {
  const { images, targets } = given;
  const [, height = 1, width = 1, channels = 1] = images.shape;
  const random = typeof from === 'number' ? stream(from) : from;
  if (augmentation.mix) return augmentation.mix(options, given, random);
  if (augmentation.geometry) return { ...given, map: augmentation.geometry(options, { width, height }, random) };
  const size = height * width * channels;
  const image = uint8([height, width, channels], images.data.subarray(0, size));
  const changed = augmentation.apply?.(options, image, random);
  return { images: stacked(changed, images), targets };
}

/** The changed image in place of the first of the batch; its shape is that of the batch only if it kept its own. */
function stacked(changed: Image | undefined, { shape, data }: Image): Image {
  const [count = 0, ...own] = shape;
  if (
    changed?.dtype !== 'uint8' ||
    changed.shape.join() !== own.join() ||
    changed.data.length !== data.length / count
  ) {
    return changed ?? uint8([0]);
  }
  const all = data.slice();
  all.set(changed.data);
  return uint8(shape, all);
}

function describe({ dtype, shape, data }: NdArray): string {
  return `${dtype} [${shape.join(', ')}] of ${data.length} values`;
}
