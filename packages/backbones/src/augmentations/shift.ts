import { defineAugmentation } from '@kindred/core';
import { z } from 'zod';

import { happens, probability, uniform } from './options.js';
import { UNMOVED } from './unmoved.js';

const share = () => z.number().min(0).max(1).default(0.1);

/** The translation of torchvision's RandomAffine, Keras' `width_shift_range` and `height_shift_range`. */
export const shift = defineAugmentation({
  name: 'shift',
  version: 1,
  summary: 'Moves the image to a side, and up or down.',
  options: z.strictObject({
    horizontal: share().describe('The farthest move to either side, as a share of the width.'),
    vertical: share().describe('The farthest move up or down, as a share of the height.'),
    probability: probability(1),
  }),
  geometry({ horizontal, vertical, ...options }, { width, height }, random) {
    if (!happens(random, options.probability)) return UNMOVED;
    const across = width * uniform(random, [-horizontal, horizontal]);
    const down = height * uniform(random, [-vertical, vertical]);
    return [1, 0, -across, 0, 1, -down];
  },
});
