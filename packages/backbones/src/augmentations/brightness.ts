import { defineAugmentation, uint8 } from '@kindred/core';
import { z } from 'zod';

import { drawFactor, factor, happens, probability } from './options.js';
import { mapValues } from './pixels.js';

/** The brightness of torchvision's ColorJitter: towards or away from black. */
export const brightness = defineAugmentation({
  name: 'brightness',
  version: 1,
  summary: 'Makes the image lighter or darker.',
  options: z.strictObject({
    factor: factor(0, 0.2).describe('A number d for 1 - d to 1 + d, or [from, to]; 0 is black, above 1 lighter.'),
    probability: probability(1),
  }),
  apply(options, image, random) {
    if (!happens(random, options.probability)) return uint8(image.shape, image.data.slice());
    const by = drawFactor(random, options.factor);
    return mapValues(image, (value) => value * by);
  },
});
