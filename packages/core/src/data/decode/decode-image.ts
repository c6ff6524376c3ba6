import { KindredError } from '../../errors/kindred-error.js';
import type { ImageSpec } from '../../plugin/contract.js';
import { uint8, type NdArray } from '../../tensor/nd-array.js';

import { checkImageBytes } from './check-bytes.js';
import { enlarged, mustGrow } from './enlarged.js';
import { loadSharp } from './load-sharp.js';

/** Counted before anything is decoded: 100 megapixels are 300 MB in memory. */
export const DEFAULT_PIXEL_LIMIT = 100_000_000;

/** Counts up whenever decoding gives other pixels for the same image: stored features are then computed anew. */
export const DECODER_REVISION = 1;

export interface DecodeOptions {
  /** Names the image in errors. */
  readonly location?: string;
  /** The most pixels, width times height, that an image may have. */
  readonly limitInputPixels?: number;
}

const FIT = { stretch: 'fill', cover: 'cover', contain: 'contain' } as const;

/**
 * Decodes an image to uint8 `[height, width, channels]` of `spec`: turned as its EXIF data says, in sRGB or grey,
 * transparency on white, the first frame of an animation, resized by Lanczos interpolation. JPEG and WebP are shrunk while
 * they are decoded.
 * @throws KINDRED_IMAGE_EMPTY, KINDRED_IMAGE_CORRUPT (a cut-off file as well), KINDRED_IMAGE_TOO_LARGE
 */
export async function decodeImage(
  bytes: Uint8Array,
  spec: ImageSpec,
  { location = 'The image', limitInputPixels = DEFAULT_PIXEL_LIMIT }: DecodeOptions = {},
): Promise<NdArray<'uint8'>> {
  checkImageBytes(bytes, location);
  const sharp = await loadSharp();
  const { width, height, channels } = spec;
  try {
    const image = sharp(bytes, { autoOrient: true, failOn: 'warning', limitInputPixels });
    const { autoOrient: size } = await image.metadata();
    image.flatten({ background: 'white' }).toColourspace(channels === 1 ? 'b-w' : 'srgb');
    const data = mustGrow(size, spec)
      ? await enlarged(image, size, spec)
      : await image.resize(width, height, { fit: FIT[spec.resize], background: 'black' }).raw().toBuffer();
    return uint8([height, width, channels], data);
  } catch (cause) {
    throw /exceeds pixel limit/i.test(String(cause))
      ? await tooLarge(bytes, location, limitInputPixels)
      : corrupt(location, cause);
  }
}

async function tooLarge(bytes: Uint8Array, location: string, limit: number): Promise<KindredError> {
  const sharp = await loadSharp();
  // Reads the header alone.
  const size = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch(() => undefined);
  return new KindredError('KINDRED_IMAGE_TOO_LARGE', {
    message: `An image must have at most ${limit} pixels. ${location} has ${size ? `${size.width} x ${size.height}` : 'more'}.`,
    path: location,
    received: size && [size.width, size.height],
    hint: 'Scale it down; where it is meant to be that large, raise the pixel limit.',
  });
}

function corrupt(location: string, cause: unknown): KindredError {
  const reason = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0]?.trim() ?? '';
  return new KindredError('KINDRED_IMAGE_CORRUPT', {
    message: `An image must decode without errors. ${location} did not: ${reason}.`,
    path: location,
    hint: 'The file is damaged or cut off: fetch or copy it again.',
    cause,
  });
}
