import { Command, Option } from 'commander';

import { createHost, loadApi } from '../host.js';
import { openInputs } from '../predict/inputs.js';
import { formatGallery, galleryToJson } from '../report/gallery.js';
import { EXIT, type App } from '../run/app.js';
import type { Run } from '../run/run.js';
import { formatUnits } from '../terminal/numbers.js';
import { oneLine } from '../terminal/width.js';

import { cacheOption, examples, jsonOption } from './options.js';

interface GalleryOptions {
  readonly branch?: string;
  readonly json?: boolean;
  readonly cache?: string;
}

export const galleryCommand = (run: Run) =>
  new Command('gallery')
    .summary('name known images, which predictions then find in new ones')
    .description(
      'Names known images: `kindred predict` then says which of the names each new image is near to, without any training. For bundles ' +
        'with a head that gives embeddings, siamese for example. The images are kept in the bundle, also when it is trained again.',
    )
    .addCommand(addCommand(run))
    .addCommand(listCommand(run))
    .addCommand(removeCommand(run))
    .addHelpText(
      'after',
      examples('kindred gallery add runs/faces "Ada" ada-1.jpg ada-2.jpg', 'kindred gallery list runs/faces'),
    );

const branchOption = () => new Option('-b, --branch <name>', 'which branch, where several give embeddings');

const addCommand = (run: Run) =>
  new Command('add')
    .summary('add images under a name')
    .description(
      'Adds images under a name, one is enough. If one cannot be read, nothing is changed. An image that is there already is not doubled.',
    )
    .argument('<bundle>', 'folder that a training run wrote')
    .argument('<name>', 'what the images show')
    .argument(
      '<images...>',
      'files, folders (searched for images), quoted patterns, or - for paths from standard input',
    )
    .addOption(branchOption())
    .addOption(jsonOption('print { branch, name, added, known, images }'))
    .addOption(cacheOption())
    .addHelpText(
      'after',
      examples('kindred gallery add runs/faces "Ada" ada.jpg', 'kindred gallery add runs/faces "Bob" photos/bob'),
    )
    .action((bundle: string, name: string, images: string[], options: GalleryOptions, command: Command) =>
      run(command, (app) => add(app, bundle, { name, images }, options)),
    );

const listCommand = (run: Run) =>
  new Command('list')
    .summary('list the names and their images')
    .description('Lists the names in the gallery of a bundle, and where the images of each came from.')
    .argument('<bundle>', 'folder that a training run wrote')
    .addOption(branchOption())
    .addOption(jsonOption('print a list of { branch, name, location, sha256 }'))
    .addHelpText('after', examples('kindred gallery list runs/faces', 'kindred gallery list runs/faces --json'))
    .action((bundle: string, options: GalleryOptions, command: Command) =>
      run(command, (app) => list(app, bundle, options)),
    );

const removeCommand = (run: Run) =>
  new Command('remove')
    .summary('remove a name with all its images')
    .description(
      'Removes a name from the gallery of a bundle, with all its images. The files that they came from stay.',
    )
    .argument('<bundle>', 'folder that a training run wrote')
    .argument('<name>', 'as `kindred gallery list` shows it')
    .addOption(branchOption())
    .addOption(jsonOption('print { branch, name, removed }'))
    .addHelpText('after', examples('kindred gallery remove runs/faces "Ada"'))
    .action((bundle: string, name: string, options: GalleryOptions, command: Command) =>
      run(command, (app) => remove(app, bundle, name, options)),
    );

async function add(
  app: App,
  bundle: string,
  { name, images }: { readonly name: string; readonly images: readonly string[] },
  options: GalleryOptions,
): Promise<number> {
  const { addToGallery, fileSample } = await loadApi();
  const paths = await openInputs(images, app.stdin, app.signal);
  const samples = (async function* () {
    for await (const path of paths) yield fileSample(path);
  })();
  const result = await addToGallery(bundle, { name, branch: options.branch }, samples, await createHost(app, options));
  if (options.json) return json(app, result);
  const { outStyle } = app.terminal;
  for (const { location } of result.known) {
    await app.terminal.out(outStyle.dim(`${oneLine(location)} was there already.`));
  }
  const { added, images: count } = result;
  await app.terminal.out(
    `${outStyle.green('✓')} ${formatUnits(added.length, 'images')} added; ${oneLine(name)} has ${formatUnits(count, 'images')}.`,
  );
  return EXIT.done;
}

async function list(app: App, bundle: string, options: GalleryOptions): Promise<number> {
  const { listGallery } = await loadApi();
  const listing = await listGallery(bundle, await createHost(app, options), options.branch);
  if (options.json) return json(app, galleryToJson(listing));
  for (const line of formatGallery(bundle, listing, app.terminal.outStyle)) await app.terminal.out(line);
  return EXIT.done;
}

async function remove(app: App, bundle: string, name: string, options: GalleryOptions): Promise<number> {
  const { removeFromGallery } = await loadApi();
  const result = await removeFromGallery(bundle, { name, branch: options.branch }, await createHost(app, options));
  if (options.json) return json(app, result);
  const { terminal } = app;
  await terminal.out(
    `${terminal.outStyle.green('✓')} ${oneLine(name)} removed, with ${formatUnits(result.removed.length, 'images')}.`,
  );
  return EXIT.done;
}

async function json(app: App, value: unknown): Promise<number> {
  await app.terminal.out(JSON.stringify(value, undefined, 2));
  return EXIT.done;
}
