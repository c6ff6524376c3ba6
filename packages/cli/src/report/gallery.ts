import type { GalleryImage, GalleryListing } from '@kindred/core/host';

import { formatCount } from '../terminal/numbers.js';
import type { Style } from '../terminal/style.js';
import { formatTable } from '../terminal/table.js';
import { oneLine } from '../terminal/width.js';

import { shellQuote } from './shell-quote.js';

/** The table of a gallery: names in the order in which they were added, with their images. */
export function formatGallery(bundle: string, { images, branches }: GalleryListing, style: Style): string[] {
  if (images.length === 0) return [`The gallery is empty. Add images with: ${addCommand(bundle)}`];
  const groups = new Map<string, GalleryImage[]>();
  for (const image of images) {
    const key = JSON.stringify([image.branch, image.name]);
    groups.set(key, [...(groups.get(key) ?? []), image]);
  }
  const several = branches.length > 1;
  const [header = '', ...rows] = formatTable(
    [
      ...(several ? [{ title: 'BRANCH' }] : []),
      { title: 'NAME' },
      { title: 'IMAGES', align: 'right' as const },
      { title: 'FROM' },
    ],
    [...groups.values()].map((own) => [
      ...(several ? [own[0]?.branch ?? ''] : []),
      oneLine(own[0]?.name ?? ''),
      formatCount(own.length),
      own.map(({ location }) => oneLine(location)).join(', '),
    ]),
  );
  return [style.bold(header), ...rows];
}

export function galleryToJson({ images }: GalleryListing): object {
  return images.map(({ branch, name, location, sha256 }) => ({ branch, name, location, sha256 }));
}

/** How to add images to the gallery of a bundle. */
export const addCommand = (bundle: string): string => `kindred gallery add ${shellQuote(bundle)} NAME IMAGE...`;
