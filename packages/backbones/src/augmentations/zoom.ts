import { defineAugmentation } from '@kindred/core';
import { z } from 'zod';

import { drawFactor, factor, happens, probability } from './options.js';
import { UNMOVED } from './unmoved.js';

/** The scale of torchvision's RandomAffine: from the middle, as much across as down. */
export const zoom = defineAugmentation({
  name: 'zoom',
  version: 1,
  summary: 'Enlarges or shrinks what the image shows.',
  options: z.strictObject({
    factor: factor(0.05, 0.2).describe('A number d for 1 - d to 1 + d, or [from, to]; above 1 things become larger.'),
    probability: probability(1),
  }),
  geometry(options, _size, random) {
    if (!happens(random, options.probability)) return UNMOVED;
    const step = 1 / drawFactor(random, options.factor);
    return [step, 0, 0, 0, step, 0];
  },
});
