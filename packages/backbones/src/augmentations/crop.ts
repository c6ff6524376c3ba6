import { defineAugmentation, type Random } from '@kindred/core';
import { z } from 'zod';

import { happens, probability, rangeOf, uniform } from './options.js';
import { UNMOVED } from './unmoved.js';

/** Draws before a part that fits is given up; as in torchvision. */
const ATTEMPTS = 10;

const options = z.strictObject({
  scale: rangeOf(0.01, 1).default([0.08, 1]).describe('The area of the part, as a share of the image: [from, to].'),
  ratio: rangeOf(0.1, 10)
    .default([3 / 4, 4 / 3])
    .describe('Width divided by height of the part, before it is resized: [from, to].'),
  probability: probability(1),
});

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * torchvision's RandomResizedCrop (Szegedy et al. 2015, "Going Deeper with Convolutions", https://arxiv.org/abs/1409.4842): a part of
 * random area, shape and place fills the image.
 */
export const crop = defineAugmentation({
  name: 'crop',
  version: 1,
  summary: 'Lets a random part fill the image (random resized crop).',
  options,
  docs: 'https://arxiv.org/abs/1409.4842',
  geometry(given, size, random) {
    if (!happens(random, given.probability)) return UNMOVED;
    const { width, height } = partOf(size, given, random);
    const x = (size.width - width) * (random.next() - 0.5);
    const y = (size.height - height) * (random.next() - 0.5);
    return [width / size.width, 0, x, 0, height / size.height, y];
  },
});

/** Its logarithm is uniform in the range, so that wide parts come as often as tall ones. */
function partOf(size: Size, { scale, ratio }: z.output<typeof options>, random: Random): Size {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const area = size.width * size.height * uniform(random, scale);
    const shape = Math.exp(uniform(random, [Math.log(ratio[0]), Math.log(ratio[1])]));
    const [width, height] = [Math.sqrt(area * shape), Math.sqrt(area / shape)];
    if (width <= size.width && height <= size.height) return { width, height };
  }
  // The largest part whose shape is in the range.
  const shape = Math.min(Math.max(size.width / size.height, ratio[0]), ratio[1]);
  return { width: Math.min(size.width, size.height * shape), height: Math.min(size.height, size.width / shape) };
}
