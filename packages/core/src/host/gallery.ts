import { PLAN } from '../container/tokens.js';
import type { Scope } from '../container/scope.js';
import { decodeImage } from '../data/decode/decode-image.js';
import { hashImage } from '../data/hash.js';
import { KindredError } from '../errors/kindred-error.js';
import { readSample } from '../features/decoded-batches.js';
import { mapOrdered } from '../features/map-ordered.js';
import { withImages, withoutName, type DecodedGalleryImage } from '../gallery/edit.js';
import { changeGallery, readGallery } from '../gallery/file.js';
import type { GalleryImage } from '../gallery/gallery.js';
import { createBackbone } from '../pipeline/backbone.js';
import { comparesImages } from '../pipeline/branch-task.js';
import { hintFor, nearest } from '../plugin/nearest.js';
import type { ImageSpec, Sample } from '../plugin/contract.js';

import { openBundle } from './open-bundle.js';
import type { Host } from './types.js';
import { withScope } from './with-scope.js';

export type { GalleryImage } from '../gallery/gallery.js';

/** Images are read so many at once: as many as Node has threads for them. */
const DECODERS = 4;

/** Which name of a gallery. */
export interface GalleryName {
  readonly name: string;
  /** Whose gallery; may be left out where the bundle has one branch with embeddings. */
  readonly branch?: string | undefined;
}

export interface GalleryAdded {
  readonly branch: string;
  readonly name: string;
  readonly added: readonly GalleryImage[];
  /** Images that the gallery had already under this name. */
  readonly known: readonly GalleryImage[];
  /** How many images the name has now. */
  readonly images: number;
}

export interface GalleryRemoved {
  readonly branch: string;
  readonly name: string;
  readonly removed: readonly GalleryImage[];
}

export interface GalleryListing {
  /** Branches with embeddings, and those that are left in the gallery from an earlier training. */
  readonly branches: readonly string[];
  readonly images: readonly GalleryImage[];
}

/**
 * Adds images to the gallery of a bundle: from then on they are found in others. Nothing is trained.
 * @throws KINDRED_IMAGE_* for the first that cannot be read, and then nothing has changed; KINDRED_USAGE for an image that is there under
 * another name, or an unknown branch; KINDRED_GALLERY_INVALID; KINDRED_BUNDLE_*
 */
export async function addToGallery(
  folder: string,
  { name, branch: asked }: GalleryName,
  samples: AsyncIterable<Sample> | Iterable<Sample>,
  host: Host,
): Promise<GalleryAdded> {
  const { bundle, scope } = await openBundle(folder, host);
  return withScope(scope, host, async () => {
    const branch = chooseBranch(embeddingBranches(scope), asked, folder);
    const { limitInputPixels } = scope.resolve(PLAN).manifest.data;
    const { input } = await createBackbone(scope);
    const decoded: DecodedGalleryImage[] = [];
    const decode = (sample: Sample) => decodeOne(sample, input, { branch, name, limitInputPixels });
    for await (const one of mapOrdered(samples, DECODERS, decode, host.signal)) decoded.push(one);
    const change = (gallery: Parameters<typeof withImages>[0]) => withImages(gallery, input, decoded);
    const { gallery, added, known } = await changeGallery(bundle.folder, host.signal, change);
    const images = gallery.images.filter((image) => image.branch === branch && image.name === name).length;
    return { branch, name, added, known, images };
  });
}

/**
 * What is in the gallery of a bundle, or of one of its branches.
 * @throws KINDRED_USAGE for an unknown branch; KINDRED_GALLERY_INVALID; KINDRED_BUNDLE_*
 */
export async function listGallery(folder: string, host: Host, asked?: string): Promise<GalleryListing> {
  const { bundle, scope } = await openBundle(folder, host);
  return withScope(scope, host, async () => {
    const images = (await readGallery(bundle.folder))?.images ?? [];
    const branches = withLeftOver(embeddingBranches(scope), images);
    const chosen = asked === undefined && branches.length > 1 ? undefined : chooseBranch(branches, asked, folder);
    return { branches, images: images.filter(({ branch }) => chosen === undefined || branch === chosen) };
  });
}

/**
 * Removes all images of a name.
 * @throws KINDRED_USAGE for a name that is not there, with the nearest that is; KINDRED_GALLERY_INVALID; KINDRED_BUNDLE_*
 */
export async function removeFromGallery(
  folder: string,
  { name, branch: asked }: GalleryName,
  host: Host,
): Promise<GalleryRemoved> {
  const { bundle, scope } = await openBundle(folder, host);
  return withScope(scope, host, async () => {
    const { branch, removed } = await changeGallery(bundle.folder, host.signal, (gallery) => {
      const chosen = chooseBranch(withLeftOver(embeddingBranches(scope), gallery?.images ?? []), asked, folder);
      return { branch: chosen, ...withoutName(gallery, chosen, name) };
    });
    return { branch, name, removed };
  });
}

async function decodeOne(
  sample: Sample,
  input: ImageSpec,
  { limitInputPixels, ...image }: { readonly branch: string; readonly name: string; readonly limitInputPixels: number },
): Promise<DecodedGalleryImage> {
  const { location } = sample;
  const bytes = await readSample(sample);
  const pixels = await decodeImage(bytes, input, { location, limitInputPixels });
  return { image: { ...image, location, sha256: hashImage(bytes) }, pixels };
}

function embeddingBranches(scope: Scope): readonly string[] {
  const { branches } = scope.resolve(PLAN);
  return branches.filter(comparesImages).map(({ name }) => name);
}

function withLeftOver(branches: readonly string[], images: readonly GalleryImage[]): readonly string[] {
  return [...new Set([...branches, ...images.map(({ branch }) => branch)])];
}

/** @throws KINDRED_USAGE unless it is clear which */
function chooseBranch(branches: readonly string[], asked: string | undefined, folder: string): string {
  const [only, ...others] = branches;
  if (only === undefined) {
    throw new KindredError('KINDRED_USAGE', {
      message: `A gallery needs a branch whose head gives embeddings. The bundle ${folder} has none.`,
      path: folder,
      hint: 'Train one with such a head, "head": "siamese" for example.',
    });
  }
  if (asked === undefined && others.length === 0) return only;
  if (asked !== undefined && branches.includes(asked)) return asked;
  throw new KindredError('KINDRED_USAGE', {
    message:
      asked === undefined
        ? `The branch must be named where several give embeddings: ${branches.join(', ')}.`
        : `The branch of a gallery must be one that gives embeddings. Got "${asked}".`,
    path: folder,
    ...(asked !== undefined && { received: asked }),
    hint: asked === undefined ? `Add --branch ${only}.` : hintFor(nearest(asked, branches), branches, ''),
  });
}
