import type { Sharp, SharpOptions } from 'sharp';

type MakeSharp = (input: Uint8Array, options: SharpOptions) => Sharp;

let loading: Promise<MakeSharp> | undefined;

/**
 * Loads the native decoder with the first image rather than on import. libvips' settings are those of the process: one
 * thread an image, since several images are decoded at once, and no cache, since none is decoded twice.
 */
export function loadSharp(): Promise<MakeSharp> {
  loading ??= import('sharp').then(({ default: sharp }) => {
    sharp.concurrency(1);
    sharp.cache(false);
    return sharp;
  });
  return loading;
}
