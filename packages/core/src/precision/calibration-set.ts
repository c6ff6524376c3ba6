import type { Random } from '../context/random.js';
import type { Sample } from '../plugin/contract.js';

/** An image and the hash of its bytes. */
export interface HashedSample {
  readonly sample: Sample;
  readonly hash: string;
}

/**
 * Draws up to `count` different images, in the order of their hashes: the same images give the same set, whatever their order
 * in the dataset.
 */
export function drawImages(samples: readonly HashedSample[], count: number, random: Random): readonly HashedSample[] {
  const different = [...new Map(samples.map((image) => [image.hash, image])).values()];
  return byHash(random.shuffle(byHash(different)).slice(0, count));
}

const byHash = (images: readonly HashedSample[]) => [...images].sort((a, b) => (a.hash < b.hash ? -1 : 1));
