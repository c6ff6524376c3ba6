import type { NdArray } from '../../tensor/nd-array.js';

/** What turns encoded images into pixels. */
export interface ImageDecoder {
  /** Images under way at once that keep it busy: no more are read ahead. */
  readonly concurrency: number;
  /**
   * Pixels, uint8 `[H, W, C]`, of an encoded image; `index` counts the images of the stream from 0. The bytes stay as they are.
   * @throws KINDRED_IMAGE_*
   */
  decode(bytes: Uint8Array, image: { readonly location: string; readonly index: number }): Promise<NdArray<'uint8'>>;
}
