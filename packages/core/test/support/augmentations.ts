import { z } from 'zod';

import { KindredError } from '../../src/errors/kindred-error.js';
import { defineAugmentation, definePlugin } from '../../src/plugin/define.js';
import { createRegistry } from '../../src/plugin/registry.js';
import { bind, type Bound } from '../../src/plugin/bound.js';
import { uint8 } from '../../src/tensor/nd-array.js';

const none = z.strictObject({});

/** Moves the image by a random part of itself. */
const move = defineAugmentation({
  name: 'move',
  version: 1,
  summary: 'A test augmentation.',
  options: z.strictObject({ by: z.number().default(0.5) }),
  geometry: ({ by }, { width, height }, random) => [
    1,
    0,
    by * width * random.next(),
    0,
    1,
    by * height * random.next(),
  ],
});

const mirror = defineAugmentation({
  name: 'mirror',
  version: 1,
  summary: 'A test augmentation.',
  options: none,
  geometry: () => [-1, 0, 0, 0, 1, 0],
});

const noise = defineAugmentation({
  name: 'noise',
  version: 1,
  summary: 'A test augmentation.',
  options: none,
  apply: (_options, { shape, data }, random) =>
    uint8(
      shape,
      data.map((value) => value ^ random.integer(16)),
    ),
});

const roll = defineAugmentation({
  name: 'roll',
  version: 1,
  summary: 'A test augmentation.',
  options: none,
  mix: (_options, { images, targets }, random) => ({
    images,
    targets: { ...targets, data: targets.data.map((value) => value * random.next()) },
  }),
});

/** Does what plugins must not do. */
const unruly = defineAugmentation({
  name: 'unruly',
  version: 1,
  summary: 'A test augmentation.',
  options: z.strictObject({ way: z.enum(['throw', 'refuse', 'exit', 'hang', 'shrink', 'promise']) }),
  apply({ way }, image) {
    if (way === 'throw') throw new TypeError('cannot read a pixel');
    if (way === 'refuse') {
      const issue = new KindredError('KINDRED_USAGE', { message: 'inner' });
      const details = { path: 'a.b', received: () => 1, hint: 'Do not.', cause: new Error('why'), issues: [issue] };
      throw new KindredError('KINDRED_DATA_LABEL', { message: 'refused', ...details });
    }
    if (way === 'exit') process.exit(3);
    if (way === 'hang') for (;;);
    if (way === 'promise') return Promise.resolve(image) as never;
    return uint8([1, 1, 1], [0]);
  },
});

const plugin = definePlugin({
  name: 'test-augmentations',
  apiVersion: 1,
  components: [move, mirror, noise, roll, unruly],
});
export default plugin;

const registry = createRegistry([plugin]);

/** Components of this module by their names, with options. */
export const augmentations = (
  ...references: readonly { use: string; [option: string]: unknown }[]
): Bound<'augmentation'>[] => references.map((reference) => bind(registry, 'augmentation', reference));

/** Where worker threads load them from. */
export const augmentationsModule = import.meta.url;
