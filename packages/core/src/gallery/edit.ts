import { KindredError } from '../errors/kindred-error.js';
import { hintFor, nearest } from '../plugin/nearest.js';
import type { ImageSpec } from '../plugin/contract.js';
import { sizeOf, uint8, type NdArray } from '../tensor/nd-array.js';

import { gallerySchema, type Gallery, type GalleryImage } from './gallery.js';

/** An image with its pixels, uint8 `[H, W, C]`. */
export interface DecodedGalleryImage {
  readonly image: GalleryImage;
  readonly pixels: NdArray<'uint8'>;
}

export interface GalleryAddition {
  readonly gallery: Gallery;
  readonly added: readonly GalleryImage[];
  /** Images that were there before, under the same name. */
  readonly known: readonly GalleryImage[];
}

/**
 * A gallery with more images; those that it has under the same name are not doubled.
 * @throws KINDRED_USAGE for an image that it has under another name, and for names that cannot be printed; KINDRED_GALLERY_INVALID as `requireFit`
 */
export function withImages(
  gallery: Gallery | undefined,
  input: ImageSpec,
  more: readonly DecodedGalleryImage[],
): GalleryAddition {
  if (gallery) requireFit(gallery, input);
  const all = new Map(gallery?.images.map((image) => [keyOf(image), image]));
  const fresh: DecodedGalleryImage[] = [];
  const known: GalleryImage[] = [];
  for (const one of more) {
    requireName(one.image.name);
    const other = all.get(keyOf(one.image));
    if (other && other.name !== one.image.name) throw twoNames(one.image, other);
    if (other) known.push(one.image);
    else fresh.push(one);
    all.set(keyOf(one.image), one.image);
  }
  const images = [...(gallery?.images ?? []), ...fresh.map(({ image }) => image)];
  const { width, height, channels, resize } = input;
  const pixels = uint8([images.length, height, width, channels]);
  pixels.data.set(gallery?.pixels.data ?? []);
  const start = gallery?.images.length ?? 0;
  fresh.forEach((one, i) => pixels.data.set(one.pixels.data, (start + i) * sizeOf([height, width, channels])));
  return {
    gallery: { input: { width, height, channels, resize }, images, pixels },
    added: fresh.map(({ image }) => image),
    known,
  };
}

/**
 * A gallery without the images of a name, undefined if no others are left, and what was removed.
 * @throws KINDRED_USAGE for a name that it does not have
 */
export function withoutName(
  gallery: Gallery | undefined,
  branch: string,
  name: string,
): { readonly gallery: Gallery | undefined; readonly removed: readonly GalleryImage[] } {
  const images = gallery?.images ?? [];
  const gone = (image: GalleryImage): boolean => image.branch === branch && image.name === name;
  const removed = images.filter(gone);
  if (removed.length === 0) {
    const names = [...new Set(images.filter((image) => image.branch === branch).map((image) => image.name))];
    throw new KindredError('KINDRED_USAGE', {
      message: `A name must be in the gallery of '${branch}' to be removed. Got "${name}".`,
      received: name,
      hint: hintFor(nearest(name, names), names, 'The gallery is empty.'),
    });
  }
  const rows = images.flatMap((image, row) => (gone(image) ? [] : [row]));
  return { gallery: gallery && rows.length > 0 ? keep(gallery, rows) : undefined, removed };
}

function keep({ input, images, pixels }: Gallery, rows: readonly number[]): Gallery {
  const [, ...shape] = pixels.shape;
  const size = sizeOf(shape);
  const kept = uint8([rows.length, ...shape]);
  rows.forEach((row, i) => kept.data.set(pixels.data.subarray(row * size, (row + 1) * size), i * size));
  return { input, images: rows.map((row) => images[row]!), pixels: kept };
}

/**
 * The images must be decoded as the backbone reads them: after training with another input they are of no use.
 * @throws KINDRED_GALLERY_INVALID
 */
export function requireFit({ input: own, images }: Gallery, input: ImageSpec): void {
  const text = ({ width, height, channels, resize }: ImageSpec) => `${width} x ${height} x ${channels} (${resize})`;
  if (text(own) === text(input)) return;
  const names = [...new Set(images.map(({ name }) => name))];
  throw new KindredError('KINDRED_GALLERY_INVALID', {
    message: `The images of a gallery must be as the backbone reads them, ${text(input)}. Those of ${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''} are ${text(own)}: the pipeline was trained with another input since.`,
    received: own,
    hint: '`kindred gallery list` says where the images came from: remove each name with `kindred gallery remove`, then add it again.',
  });
}

const keyOf = ({ branch, sha256 }: GalleryImage): string => `${branch} ${sha256}`;

function requireName(name: string): void {
  if (gallerySchema.shape.images.element.shape.name.safeParse(name).success) return;
  throw new KindredError('KINDRED_USAGE', {
    message: `A name in a gallery must have 1 to 200 characters, no line breaks or other control characters among them. Got ${JSON.stringify(name)}.`,
    received: name,
  });
}

function twoNames(image: GalleryImage, other: GalleryImage): KindredError {
  return new KindredError('KINDRED_USAGE', {
    message: `An image must not be in a gallery under two names. ${image.location} is there as "${other.name}" (from ${other.location}), and was to be "${image.name}".`,
    path: image.location,
    received: image.name,
    hint: `Leave the image out, or remove "${other.name}" first.`,
  });
}
