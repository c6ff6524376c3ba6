import type { Sample } from '../../src/plugin/contract.js';

/** Samples `s0`, `s1`, ... with these labels, and no images behind them. */
export function samplesWith(labels: readonly (readonly string[])[]): Sample[] {
  return labels.map((carried, i) => ({
    id: `s${i}`,
    labels: carried,
    location: `/nowhere/s${i}.png`,
    read: () => Promise.reject(new Error('there is no image')),
  }));
}

/** Samples whose images are these bytes, or an error to reject with. */
export function samplesOf(images: readonly (Uint8Array | Error)[], onRead?: (index: number) => void): Sample[] {
  return images.map((image, i) => ({
    id: `s${i}`,
    labels: [],
    location: `/memory/s${i}`,
    read: () => {
      onRead?.(i);
      return image instanceof Error ? Promise.reject(image) : Promise.resolve(image);
    },
  }));
}
