import { defineAugmentation } from '@kindred/core';
import { z } from 'zod';

import { happens, probability } from './options.js';
import { UNMOVED } from './unmoved.js';

/** torchvision's RandomVerticalFlip, Keras' RandomFlip("vertical"). */
export const verticalFlip = defineAugmentation({
  name: 'vertical-flip',
  version: 1,
  summary: 'Exchanges top and bottom.',
  options: z.strictObject({ probability: probability(0.5) }),
  geometry: (options, _size, random) => (happens(random, options.probability) ? [1, 0, 0, 0, -1, 0] : UNMOVED),
});
