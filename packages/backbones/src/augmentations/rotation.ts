import { defineAugmentation } from '@kindred/core';
import { z } from 'zod';

import { degrees, drawAngle, happens, probability } from './options.js';
import { UNMOVED } from './unmoved.js';

/** torchvision's RandomRotation: about the middle, positive angles counter-clockwise. */
export const rotation = defineAugmentation({
  name: 'rotation',
  version: 1,
  summary: 'Turns the image about its middle.',
  options: z.strictObject({
    degrees: degrees(180, 10).describe('The greatest angle either way, or [from, to]; counter-clockwise is positive.'),
    probability: probability(1),
  }),
  geometry(options, _size, random) {
    if (!happens(random, options.probability)) return UNMOVED;
    const angle = drawAngle(random, options.degrees);
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    return [cos, -sin, 0, sin, cos, 0];
  },
});
