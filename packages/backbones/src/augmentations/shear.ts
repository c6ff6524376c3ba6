import { defineAugmentation } from '@kindred/core';
import { z } from 'zod';

import { degrees, drawAngle, happens, probability } from './options.js';
import { UNMOVED } from './unmoved.js';

/** The shear of torchvision's RandomAffine, in degrees as there and as in Keras' `shear_range`. */
export const shear = defineAugmentation({
  name: 'shear',
  version: 1,
  summary: 'Slants the image.',
  options: z.strictObject({
    degrees: degrees(80, 10).describe(
      'The greatest angle by which upright lines are slanted either way, or [from, to].',
    ),
    vertical: degrees(80, 0).describe('The same for level lines.'),
    probability: probability(1),
  }),
  geometry(options, _size, random) {
    if (!happens(random, options.probability)) return UNMOVED;
    const across = Math.tan(drawAngle(random, options.degrees));
    const down = Math.tan(drawAngle(random, options.vertical));
    return [1 + across * down, across, 0, down, 1, 0];
  },
});
