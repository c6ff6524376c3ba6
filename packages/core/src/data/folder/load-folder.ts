import { stat } from 'node:fs/promises';
import path from 'node:path';

import { KindredError } from '../../errors/kindred-error.js';
import type { LoadedDataset, Sample } from '../../plugin/contract.js';
import { hintFor, nearest } from '../../plugin/nearest.js';
import { readImageFile } from '../image-file.js';
import { IssueList } from '../issue-list.js';
import type { LoadContext } from '../load-context.js';
import { dataNotFound } from '../not-found.js';

import { listFilesDeep, listFolder, type Listing } from './list-files.js';
import type { FolderOptions } from './options.js';

/**
 * Lists the images below each class folder. Ids are paths relative to the dataset's folder.
 * @throws KINDRED_DATA_NOT_FOUND, KINDRED_DATA_EMPTY, KINDRED_DATA_LABEL
 */
export async function loadFolder(options: FolderOptions, ctx: LoadContext): Promise<LoadedDataset> {
  const root = path.resolve(ctx.baseDir, options.path);
  const listing = await listRoot(root, options.path);
  const isImage = imageTest(options.extensions);
  if (options.labels === 'none') return withoutLabels(root, options, ctx);
  refuseLooseImages(root, listing.files.filter(isImage));
  const labels = classes(root, listing, options.classes);

  const step = ctx.progress.start({ name: `listing ${path.basename(root)}`, total: labels.length, unit: 'classes' });
  const samples: Sample[] = [];
  const issues = new IssueList();
  let others = 0;
  try {
    for (const label of labels) {
      const files = await listFilesDeep(path.join(root, label), ctx.signal);
      const images = files.filter(isImage);
      others += files.length - images.length;
      if (images.length === 0) issues.add(emptyClass(root, label, files, options.extensions));
      for (const file of images) {
        const inner = path.posix.dirname(file);
        const deep = options.labels === 'path' && inner !== '.';
        samples.push(sampleOf(root, `${label}/${file}`, [deep ? `${label}/${inner}` : label]));
      }
      step.advance(1);
    }
  } finally {
    step.end();
  }
  issues.throwIfAny(`The folder ${root}`);
  if (others > 0)
    ctx.log.info({ folder: root, files: others }, `${others} files in ${root} are no images by their names`);
  return { labels: options.labels === 'path' ? carriedBy(samples) : labels, samples };
}

/** All images in the folder and below it. */
async function withoutLabels(root: string, { extensions }: FolderOptions, ctx: LoadContext): Promise<LoadedDataset> {
  const images = (await listFilesDeep(root, ctx.signal)).filter(imageTest(extensions));
  if (images.length > 0) return { labels: [], samples: images.map((file) => sampleOf(root, file, [])) };
  throw new KindredError('KINDRED_DATA_EMPTY', {
    message: `A folder dataset must hold images. ${root} has none in it or below it.`,
    path: root,
    hint: `Images end in ${extensions.join(', ')}.`,
  });
}

/** In the order of the samples, which is that of their paths. */
const carriedBy = (samples: readonly Sample[]): string[] => [...new Set(samples.flatMap(({ labels }) => labels))];

async function listRoot(root: string, received: string): Promise<Listing> {
  const info = await stat(root).catch(() => undefined);
  if (info === undefined) throw await dataNotFound('The folder of the dataset', root, received);
  if (info.isDirectory()) return listFolder(root);
  throw new KindredError('KINDRED_DATA_NOT_FOUND', {
    message: `The path of a folder dataset must be a folder. ${root} is a file.`,
    path: root,
    received,
    hint: 'For a CSV file use the dataset "csv".',
  });
}

function imageTest(extensions: readonly string[]): (file: string) => boolean {
  const known = new Set(extensions.map((extension) => `.${extension.replace(/^\./, '').toLowerCase()}`));
  return (file) => known.has(path.extname(file).toLowerCase());
}

function refuseLooseImages(root: string, images: readonly string[]): void {
  if (images.length === 0) return;
  const shown = images.slice(0, 3).join(', ');
  throw new KindredError('KINDRED_DATA_LABEL', {
    message: `Each image of a folder dataset must lie in a subfolder named for its class. Got ${images.length} beside them in ${root}: ${shown}${images.length > 3 ? ', ...' : ''}.`,
    path: root,
    received: images.slice(0, 20),
    hint: `Move them into a subfolder of ${root}; one class is enough for a detector. For images without classes set "labels": "none".`,
  });
}

function classes(root: string, { folders }: Listing, wanted: readonly string[] | undefined): string[] {
  const issues = new IssueList();
  for (const name of wanted ?? []) {
    if (folders.includes(name)) continue;
    issues.add(
      new KindredError('KINDRED_DATA_NOT_FOUND', {
        message: `Each of "classes" must be a subfolder of ${root}. Got "${name}".`,
        path: root,
        received: name,
        hint: hintFor(nearest(name, folders), folders, 'It has no subfolders.'),
      }),
    );
  }
  issues.throwIfAny(`The folder ${root}`);
  if (folders.length === 0) {
    throw new KindredError('KINDRED_DATA_EMPTY', {
      message: `A folder dataset must hold one subfolder for each class. ${root} has none.`,
      path: root,
      hint: 'Put the images of each class into a subfolder with the name of the class.',
    });
  }
  return [...new Set(wanted ?? folders)];
}

function emptyClass(
  root: string,
  label: string,
  files: readonly string[],
  extensions: readonly string[],
): KindredError {
  const held = files.length === 0 ? 'no files' : `${files.length} other files: ${files.slice(0, 3).join(', ')}`;
  return new KindredError('KINDRED_DATA_EMPTY', {
    message: `Each class must have images. The folder ${path.join(root, label)} holds ${held}.`,
    path: path.join(root, label),
    received: label,
    hint: `Images end in ${extensions.join(', ')}. Add some, remove the folder, or name the wanted ones in "classes".`,
  });
}

function sampleOf(root: string, id: string, labels: readonly string[]): Sample {
  const location = path.join(root, id);
  return { id, labels, location, read: () => readImageFile(location) };
}
