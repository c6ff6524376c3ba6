import { z } from 'zod';

import type { ImageSpec } from '../plugin/contract.js';
import type { NdArray } from '../tensor/nd-array.js';

/** The one file in a bundle's folder that its lock does not list: it grows after training. */
export const GALLERY_FILE = 'gallery.safetensors';

/** More bytes are not read: 7,000 images of 224 x 224 pixels in colour. */
export const MAX_GALLERY_BYTES = 1024 ** 3;

const size = z.int().min(1).max(16_384);

/** What is written of an image beside its pixels. */
export const gallerySchema = z.strictObject({
  format: z.literal(1),
  input: z.strictObject({
    width: size,
    height: size,
    channels: z.union([z.literal(1), z.literal(3)]),
    resize: z.enum(['stretch', 'cover', 'contain']),
  }),
  images: z
    .array(
      z.strictObject({
        branch: z.string().regex(/^[a-z][a-z0-9-]*$/),
        // Names are printed to terminals: no control characters.
        name: z.string().regex(/^[^\u0000-\u001f\u007f]{1,200}$/u),
        location: z.string().max(10_000),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .min(1)
    .max(100_000),
});

/** An image that new ones are compared with. */
export interface GalleryImage {
  /** Whose embeddings it is compared by. */
  readonly branch: string;
  /** What it shows; several images may show the same. */
  readonly name: string;
  /** Where it came from. */
  readonly location: string;
  /** Of the encoded image. */
  readonly sha256: string;
}

/**
 * Images that tell what new ones show, without training: they are kept as the backbone reads them, so that a pipeline which is trained
 * again can embed them anew.
 */
export interface Gallery {
  /** How the images were decoded. */
  readonly input: ImageSpec;
  readonly images: readonly GalleryImage[];
  /** uint8 `[N, H, W, C]`. */
  readonly pixels: NdArray<'uint8'>;
}
