import { createRandom, type Random } from '../../context/random.js';
import { callSync, type Bound } from '../../plugin/bound.js';
import type { ImageBatchData } from '../../plugin/contract.js';
import type { NdArray } from '../../tensor/nd-array.js';

import { IDENTITY, inSequence } from './affine.js';
import { requireAffine, requireBatch, requireImage } from './require-result.js';
import { warp } from './warp.js';

type Augmentations = readonly Bound<'augmentation'>[];

/** Whether it changes images one by one, not batches. */
export const changesImages = ({ component }: Bound<'augmentation'>): boolean => component.mix === undefined;

/**
 * Changes one image, uint8 `[height, width, channels]`, by `augmentations` in their order. What moves pixels is put together until
 * something looks at them: however many such changes follow one another, the image is resampled once. Each draws from a stream of its
 * own, all of which follow from the integer `seed`.
 * @throws KINDRED_PLUGIN_RESULT, KINDRED_PLUGIN_FAILED
 */
export function augmentImage(augmentations: Augmentations, image: NdArray<'uint8'>, seed: number): NdArray<'uint8'> {
  const random = createRandom(seed);
  const [height = 0, width = 0] = image.shape;
  let changed = image;
  let moved = IDENTITY;
  for (const [index, bound] of augmentations.entries()) {
    const { component, options } = bound;
    const own = random.fork(String(index));
    if (component.geometry) {
      const map = callSync(bound, 'geometry', () => component.geometry?.(options, { width, height }, own));
      moved = inSequence(moved, requireAffine(bound, map));
    } else {
      const given = warp(changed, moved);
      moved = IDENTITY;
      changed = requireImage(
        bound,
        callSync(bound, 'apply', () => component.apply?.(options, given, own)),
        given,
      );
    }
  }
  return warp(changed, moved);
}

/**
 * Changes a batch by `augmentations` in their order.
 * @throws KINDRED_PLUGIN_RESULT, KINDRED_PLUGIN_FAILED
 */
export function mixBatch(augmentations: Augmentations, batch: ImageBatchData, random: Random): ImageBatchData {
  return augmentations.reduce((given, bound, index) => {
    const { component, options } = bound;
    const mixed = callSync(bound, 'mix', () => component.mix?.(options, given, random.fork(String(index))));
    return requireBatch(bound, mixed, given);
  }, batch);
}
