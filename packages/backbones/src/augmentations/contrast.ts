import { defineAugmentation, uint8 } from '@kindred/core';
import { z } from 'zod';

import { drawFactor, factor, happens, probability } from './options.js';
import { mapValues, meanLuma } from './pixels.js';

/** The contrast of torchvision's ColorJitter: towards or away from the mean brightness of the image. */
export const contrast = defineAugmentation({
  name: 'contrast',
  version: 1,
  summary: 'Makes the difference between light and dark larger or smaller.',
  options: z.strictObject({
    factor: factor(0, 0.2).describe(
      'A number d for 1 - d to 1 + d, or [from, to]; 0 is plain grey, above 1 is more contrast.',
    ),
    probability: probability(1),
  }),
  apply(options, image, random) {
    if (!happens(random, options.probability)) return uint8(image.shape, image.data.slice());
    const by = drawFactor(random, options.factor);
    const mean = meanLuma(image);
    return mapValues(image, (value) => mean + by * (value - mean));
  },
});
