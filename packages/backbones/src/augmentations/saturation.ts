import { defineAugmentation, uint8 } from '@kindred/core';
import { z } from 'zod';

import { drawFactor, factor, happens, probability } from './options.js';
import { lumaAt } from './pixels.js';

/** The saturation of torchvision's ColorJitter: towards or away from grey. Grey images have none, and stay as they are. */
export const saturation = defineAugmentation({
  name: 'saturation',
  version: 1,
  summary: 'Makes colours stronger or weaker.',
  options: z.strictObject({
    factor: factor(0, 0.2).describe(
      'A number d for 1 - d to 1 + d, or [from, to]; 0 is grey, above 1 is more colourful.',
    ),
    probability: probability(1),
  }),
  apply(options, { shape, data }, random) {
    const [, , channels = 1] = shape;
    if (!happens(random, options.probability) || channels === 1) return uint8(shape, data.slice());
    const by = drawFactor(random, options.factor);
    const changed = new Uint8ClampedArray(data.length);
    for (let at = 0; at < data.length; at += channels) {
      const grey = lumaAt(data, at, channels);
      for (let channel = at; channel < at + channels; channel++) changed[channel] = grey + by * (data[channel]! - grey);
    }
    return uint8(shape, new Uint8Array(changed.buffer));
  },
});
