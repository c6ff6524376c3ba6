import type { Affine } from '../../plugin/contract.js';
import { uint8, type NdArray } from '../../tensor/nd-array.js';

import { isIdentity } from './affine.js';

/**
 * Moves the pixels of an image, uint8 `[height, width, channels]`, as `affine` says: bilinear interpolation between the centres of
 * pixels, the nearest edge where the map leads outside, rounded to the nearest integer. The identity gives the image itself.
 */
export function warp(image: NdArray<'uint8'>, affine: Affine): NdArray<'uint8'> {
  if (isIdentity(affine)) return image;
  const [height = 0, width = 0, channels = 0] = image.shape;
  const result = uint8(image.shape);
  resample(image.data, result.data, { height, width, channels }, affine);
  return result;
}

interface Size {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

function resample(from: Uint8Array, to: Uint8Array, { height, width, channels }: Size, affine: Affine): void {
  const [a, b, c, d, e, f] = affine;
  const [right, bottom] = [width - 1, height - 1];
  const [middleX, middleY] = [right / 2, bottom / 2];
  const stride = width * channels;
  let at = 0;
  for (let y = 0; y < height; y++) {
    const [fromX, fromY] = [b * (y - middleY) + c + middleX, e * (y - middleY) + f + middleY];
    for (let x = 0; x < width; x++) {
      const sourceX = Math.min(Math.max(a * (x - middleX) + fromX, 0), right);
      const sourceY = Math.min(Math.max(d * (x - middleX) + fromY, 0), bottom);
      const left = Math.floor(sourceX);
      const top = Math.floor(sourceY);
      const [shareX, shareY] = [sourceX - left, sourceY - top];
      const upper = top * stride + left * channels;
      // Beyond the last pixel the share is 0: any pixel will do.
      const lower = top < bottom ? upper + stride : upper;
      const next = left < right ? channels : 0;
      for (let channel = 0; channel < channels; channel++, at++) {
        const [i, j] = [upper + channel, lower + channel];
        const above = from[i]! + shareX * (from[i + next]! - from[i]!);
        const below = from[j]! + shareX * (from[j + next]! - from[j]!);
        to[at] = above + shareY * (below - above) + 0.5;
      }
    }
  }
}
