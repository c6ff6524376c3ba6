import path from 'node:path';

import { Command } from 'commander';

import { createHost, loadApi } from '../host.js';
import { trainToJson } from '../report/json.js';
import { summarizeTraining } from '../report/training.js';
import { EXIT, type App } from '../run/app.js';
import type { Run } from '../run/run.js';

import { cacheOption, examples, jsonOption } from './options.js';

interface TrainOptions {
  readonly out?: string;
  readonly search?: boolean;
  readonly json?: boolean;
  readonly cache?: string;
}

export const trainCommand = (run: Run) =>
  new Command('train')
    .summary('train the pipeline of a manifest and save it as a bundle')
    .description(
      'Trains the pipeline that a manifest declares and saves it as a bundle. A bundle that lies there already is replaced once ' +
        'the new one is complete; any other folder is left alone.',
    )
    .argument('<manifest>', 'the manifest, a JSON file')
    .option('-o, --out <dir>', 'folder of the bundle (default: runs/<name> beside the manifest)')
    .option('--search', 'first try the options that the manifest lists under "search", and train with the best')
    .addOption(jsonOption('print the result'))
    .addOption(cacheOption())
    .addHelpText(
      'after',
      examples(
        'kindred train posters.json',
        'kindred train posters.json --out runs/second --json',
        'kindred train food.json --search',
      ),
    )
    .action((manifest: string, options: TrainOptions, command: Command) =>
      run(command, (app) => train(app, manifest, options)),
    );

async function train(app: App, manifest: string, options: TrainOptions): Promise<number> {
  const api = await loadApi();
  const host = await createHost(app, options);
  const checked = await api.checkManifest(manifest, host);
  const out = path.resolve(options.out ?? path.join(checked.baseDir, 'runs', checked.manifest.name));
  const result = await api.train(checked, { out, search: options.search ?? false }, host);
  if (options.json) {
    await app.terminal.out(JSON.stringify(trainToJson(result), undefined, 2));
  } else {
    const { outStyle } = app.terminal;
    for (const line of summarizeTraining(result, outStyle, app.verbose)) await app.terminal.out(line);
  }
  return EXIT.done;
}
