import { defineAugmentation, uint8, type NdArray } from '@kindred/core';
import { z } from 'zod';

import { happens, probability } from './options.js';

/**
 * DeVries and Taylor 2017, "Improved Regularization of Convolutional Neural Networks with Cutout", https://arxiv.org/abs/1708.04552: a
 * square about a random point is blotted out, as far as it is within the image. Zeros of normalized images, as there, are means here.
 */
export const cutout = defineAugmentation({
  name: 'cutout',
  version: 1,
  summary: 'Blots out squares (DeVries and Taylor 2017).',
  options: z.strictObject({
    holes: z.int().min(1).max(100).default(1).describe('Squares an image.'),
    length: z
      .number()
      .gt(0)
      .max(2)
      .default(0.5)
      .describe('The side of a square, as a share of the shorter side of the image.'),
    fill: z
      .union([z.literal('mean'), z.int().min(0).max(255)])
      .default('mean')
      .describe("What a square is filled with: the image's own mean colour, or a value such as 0 for black."),
    probability: probability(1),
  }),
  docs: 'https://arxiv.org/abs/1708.04552',
  apply({ holes, length, fill, ...options }, image, random) {
    const [height = 0, width = 0, channels = 1] = image.shape;
    const data = image.data.slice();
    if (happens(random, options.probability)) {
      const colour = fill === 'mean' ? meanColour(image) : new Array<number>(channels).fill(fill);
      const side = Math.max(1, Math.round(length * Math.min(width, height)));
      for (let hole = 0; hole < holes; hole++) {
        const top = random.integer(height) - (side >> 1);
        const left = random.integer(width) - (side >> 1);
        fillSquare(data, { height, width }, { top, left, side }, colour);
      }
    }
    return uint8(image.shape, data);
  },
});

/** Fills a square as far as it is within the image. */
function fillSquare(
  data: Uint8Array,
  { height, width }: { readonly height: number; readonly width: number },
  { top, left, side }: { readonly top: number; readonly left: number; readonly side: number },
  colour: readonly number[],
): void {
  const [right, bottom] = [Math.min(left + side, width), Math.min(top + side, height)];
  for (let y = Math.max(top, 0); y < bottom; y++) {
    let at = (y * width + Math.max(left, 0)) * colour.length;
    for (let x = Math.max(left, 0); x < right; x++) for (const value of colour) data[at++] = value;
  }
}

/** One mean for each channel. */
function meanColour({ shape: [, , channels = 1], data }: NdArray<'uint8'>): number[] {
  const sums = new Float64Array(channels);
  for (let at = 0; at < data.length; at += channels) {
    for (let channel = 0; channel < channels; channel++) sums[channel]! += data[at + channel]!;
  }
  return Array.from(sums, (sum) => Math.round(sum / (data.length / channels)));
}
