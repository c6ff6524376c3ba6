import { createHash } from 'node:crypto';

import { KindredError } from '../errors/kindred-error.js';
import { uint8, type NdArray } from '../tensor/nd-array.js';
import { decodeSafetensors, encodeSafetensors } from '../tensor/safetensors.js';

import { gallerySchema, type Gallery } from './gallery.js';

/** The names of what a gallery's file holds. */
const PIXELS = 'pixels';
const ABOUT = 'gallery';
const HASH = 'sha256';

/** The bytes of a gallery's file: pixels as a tensor, the rest as JSON, and a hash over both. */
export function encodeGallery({ input, images, pixels }: Gallery): Uint8Array {
  const about = JSON.stringify({ format: 1, input, images });
  return encodeSafetensors({ [PIXELS]: pixels }, { [ABOUT]: about, [HASH]: hashOf(about, pixels.data) });
}

/**
 * Reads a gallery's file, which may come from anywhere.
 * @throws KINDRED_GALLERY_INVALID unless it is whole, unaltered and of this form
 */
export function decodeGallery(bytes: Uint8Array, file: string): Gallery {
  const { arrays, metadata } = readTensors(bytes, file);
  const { [ABOUT]: about, [HASH]: hash, ...more } = metadata;
  const { [PIXELS]: pixels, ...others } = arrays;
  const [extra] = [...Object.keys(others), ...Object.keys(more)];
  if (extra !== undefined) throw invalid(file, `it holds "${extra}", which no gallery does`);
  if (about === undefined || hash === undefined || !pixels)
    throw invalid(file, 'its images or what they show is missing');
  if (pixels.dtype !== 'uint8') throw invalid(file, `its images must be uint8. They are ${pixels.dtype}`);
  if (hashOf(about, pixels.data as Uint8Array) !== hash) throw invalid(file, 'it was altered or is damaged');

  const { input, images } = parseAbout(about, file);
  const shape = [images.length, input.height, input.width, input.channels];
  if (String(pixels.shape) !== String(shape)) {
    throw invalid(file, `its images must be [${shape.join(', ')}]. They are [${pixels.shape.join(', ')}]`);
  }
  const seen = new Set<string>();
  for (const { branch, sha256, location } of images) {
    if (seen.has(`${branch} ${sha256}`)) throw invalid(file, `it holds the image ${location} twice`);
    seen.add(`${branch} ${sha256}`);
  }
  return { input, images, pixels: uint8(shape, pixels.data as Uint8Array) };
}

/** Another error than that of a bundle: the bundle itself may be whole. */
function readTensors(bytes: Uint8Array, file: string) {
  try {
    return decodeSafetensors(bytes, file);
  } catch (cause) {
    throw invalid(file, cause instanceof KindredError ? cause.message.replace(/\.$/, '') : String(cause), cause);
  }
}

function parseAbout(text: string, file: string) {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw invalid(file, 'what its images show is not JSON', cause);
  }
  const parsed = gallerySchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(file, `what its images show is not as it should be: ${issue?.path.join('.')} ${issue?.message}`);
}

function hashOf(about: string, pixels: NdArray<'uint8'>['data']): string {
  return createHash('sha256').update(about).update('\n').update(pixels).digest('hex');
}

/** The error for a gallery that cannot be used. */
export function invalid(file: string, what: string, cause?: unknown): KindredError {
  return new KindredError('KINDRED_GALLERY_INVALID', {
    message: `A gallery must be whole and unaltered. ${file}: ${what}.`,
    path: file,
    hint: 'Take the file from where it came from again; or remove it, and add its images anew with `kindred gallery add`.',
    ...(cause !== undefined && { cause }),
  });
}
