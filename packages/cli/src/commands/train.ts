import path from 'node:path';

import type { SavedTraining } from '@kindred/core/host';
import { Command } from 'commander';

import { createHost, loadApi } from '../host.js';
import { trainToJson } from '../report/json.js';
import { shellQuote } from '../report/shell-quote.js';
import { summarizeTraining } from '../report/training.js';
import { EXIT, type App } from '../run/app.js';
import type { Run } from '../run/run.js';
import { withWayOn } from '../run/way-on.js';

import { cacheOption, examples, jsonOption } from './options.js';

interface TrainOptions {
  readonly out?: string;
  readonly search?: boolean;
  readonly resume?: boolean;
  readonly branch?: readonly string[];
  readonly json?: boolean;
  readonly cache?: string;
}

export const trainCommand = (run: Run) =>
  new Command('train')
    .summary('train the pipeline of a manifest and save it as a bundle')
    .description(
      'Trains the pipeline that a manifest declares and saves it as a bundle. A bundle that lies there already is replaced once ' +
        'the new one is complete; any other folder is left alone. After each epoch the state of training is kept beside it, in ' +
        'DIR.checkpoint: a run that was stopped goes on from there with --resume, to the result that it would have had.',
    )
    .argument('<manifest>', 'the manifest, a JSON file')
    .option('-o, --out <dir>', 'folder of the bundle (default: runs/<name> beside the manifest)')
    .option('--search', 'first try the options that the manifest lists under "search", and train with the best')
    .option('--resume', 'go on from the checkpoint of a run that was stopped; manifest and data must be the same')
    .option('--branch <name...>', 'train these branches alone; the others stay as they are in the bundle that is there')
    .addOption(jsonOption('print the result'))
    .addOption(cacheOption())
    .addHelpText(
      'after',
      examples(
        'kindred train posters.json',
        'kindred train posters.json --out runs/second --json',
        'kindred train food.json --search',
        'kindred train posters.json --resume',
        'kindred train animals.json --branch relevance',
      ),
    )
    .action((manifest: string, options: TrainOptions, command: Command) =>
      run(command, (app) => train(app, manifest, options, resumeCommand(command, manifest))),
    );

async function train(app: App, manifest: string, options: TrainOptions, goOn: string): Promise<number> {
  const api = await loadApi();
  const host = await createHost(app, options);
  const checked = await api.checkManifest(manifest, host);
  const out = path.resolve(options.out ?? path.join(checked.baseDir, 'runs', checked.manifest.name));
  const { search = false, resume = false, branch: branches } = options;
  let saved: SavedTraining | undefined;
  const onSaved = (next: SavedTraining) => void (saved = next);
  const result = await api
    .train(checked, { out, search, resume, onSaved, ...(branches && { branches }) }, host)
    .catch((error: unknown) => {
      throw withWayOn(error, saved, goOn);
    });
  if (options.json) {
    await app.terminal.out(JSON.stringify(trainToJson(result), undefined, 2));
  } else {
    const { outStyle } = app.terminal;
    for (const line of summarizeTraining(result, outStyle, app.verbose)) await app.terminal.out(line);
  }
  return EXIT.done;
}

/** The command line that goes on from where this one is stopped. */
function resumeCommand(command: Command, manifest: string): string {
  const given = command.options.flatMap((option) => {
    const name = option.attributeName();
    if (name === 'resume' || command.getOptionValueSource(name) !== 'cli') return [];
    const value: unknown = command.getOptionValue(name);
    return [option.long ?? '', ...(value === true ? [] : [value].flat().map(String))];
  });
  return ['kindred', 'train', manifest, ...given, '--resume'].map(shellQuote).join(' ');
}
