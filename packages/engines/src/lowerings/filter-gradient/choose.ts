import type { Geometry } from '../conv-geometry.js';

import { pixels } from './pixels.js';
import { planes } from './planes.js';
import { rows } from './rows.js';
import type { FilterGradient } from './strategy.js';

/**
 * GFLOP/s on one thread (AVX-512, onnxruntime 1.30, batch 16 or 8), beside what a Conv with batch and channels swapped gives:
 *
 *   C -> F, kernel, result     planes  rows  pixels  swapped
 *   3 -> 16, 5x5, 196x196          35    28       9       25
 *   3 -> 32, 3x3, 128x128          42    21      15       17
 *   3 -> 64, 7x7, 94x94            71    31      26       49
 *   16 -> 32, 5x5, 94x94           59    67      35       34
 *   32 -> 64, 5x5, 43x43           62    71      53       51
 *   64 -> 64, 3x3, 56x56           72    80      61       39
 *   256 -> 64, 1x1, 56x56          51    69      38       13
 *   64 -> 64, 5x5, 17x17           52    55      64       56
 *   256 -> 256, 3x3, 14x14         55    62      80       50
 *   256 -> 1024, 1x1, 14x14        72    72      78       26
 *   512 -> 512, 3x3, 7x7           32    29      71       48
 *
 * Few channels make the matrices of `rows` too low. Small images make its zeros and its sums over single images costly,
 * and `pixels` copies well where a pixel is at least a few cache lines.
 */
export function chooseFilterGradient(g: Geometry): FilterGradient {
  if (g.inChannels * g.filterHeight < LOW_MATRIX) return planes;
  if (g.outHeight * g.outWidth <= SMALL_IMAGE && g.inChannels >= LARGE_PIXEL) return pixels;
  return rows;
}

const LOW_MATRIX = 32;
const SMALL_IMAGE = 20 * 20;
const LARGE_PIXEL = 32;

/** Bytes of laid out images at a time: about a third-level cache, and far less memory than a whole batch takes. */
const LIMIT = 32 * 2 ** 20;

/** Into how many equal parts to cut the batch, so that what is laid out at a time stays below the limit. */
export function batchParts(g: Geometry, limit = LIMIT): number {
  const bytes = 4 * g.inChannels * g.filterHeight * g.filterWidth * g.outHeight * g.outWidth;
  const { batchSize } = g;
  let parts = 1;
  while (parts < batchSize && (batchSize % parts !== 0 || (bytes * batchSize) / parts > limit)) parts++;
  return parts;
}
