import type { NdArray } from '../../tensor/nd-array.js';

/**
 * What each image shows, as numbers from 0: images with the same labels show the same. -1 for images without any label, of which nothing
 * is known.
 * @param targets `[N, L]` of 0 and 1
 */
export function identitiesOf(targets: NdArray<'uint8'>): Int32Array {
  const [samples = 0, width = 0] = targets.shape;
  const numbers = new Map<string, number>();
  return Int32Array.from({ length: samples }, (_, row) => {
    const carried: number[] = [];
    for (let j = 0; j < width; j++) if (targets.data[row * width + j]) carried.push(j);
    if (carried.length === 0) return -1;
    const key = carried.join();
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
}

/** How many different ones there are. */
export function countIdentities(identities: Int32Array): number {
  return new Set(identities.filter((identity) => identity >= 0)).size;
}
