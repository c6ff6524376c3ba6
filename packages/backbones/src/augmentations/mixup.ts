import { defineAugmentation, float32, uint8, type NdArray } from '@kindred/core';
import { z } from 'zod';

import { symmetricBeta } from './beta.js';

/**
 * Zhang et al. 2018, "mixup: Beyond Empirical Risk Minimization", https://arxiv.org/abs/1710.09412: every image of a batch is mixed with
 * another one of it, and its targets with that one's, in shares of Beta(alpha, alpha).
 */
export const mixup = defineAugmentation({
  name: 'mixup',
  version: 1,
  summary: 'Mixes images, and their labels in the same shares (Zhang 2018).',
  options: z.strictObject({
    alpha: z
      .number()
      .gt(0)
      .max(100)
      .default(0.2)
      .describe('Of Beta(alpha, alpha), which shares are drawn from: small for little mixing, 1 for any share alike.'),
  }),
  docs: 'https://arxiv.org/abs/1710.09412',
  mix({ alpha }, { images, targets }, random) {
    const [count = 0] = images.shape;
    const others = random.shuffle(Array.from({ length: count }, (_, row) => row));
    const shares = others.map(() => symmetricBeta(random, alpha));
    const pixels = new Uint8ClampedArray(images.data.length);
    const mixed = new Float32Array(targets.data.length);
    mixRows(images, pixels, others, shares);
    mixRows(targets, mixed, others, shares);
    return { images: uint8(images.shape, new Uint8Array(pixels.buffer)), targets: float32(targets.shape, mixed) };
  },
});

/** Row `i` of `into`: a share of row `i`, and the rest of row `others[i]`. */
function mixRows(
  { shape: [count = 0], data }: NdArray,
  into: Uint8ClampedArray | Float32Array,
  others: readonly number[],
  shares: readonly number[],
): void {
  const size = data.length / count;
  for (let row = 0, at = 0; row < count; row++) {
    const share = shares[row]!;
    for (let from = others[row]! * size, end = at + size; at < end; at++, from++) {
      into[at] = share * data[at]! + (1 - share) * data[from]!;
    }
  }
}
