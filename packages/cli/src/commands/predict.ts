import { Command } from 'commander';

import { KindredError } from '@kindred/core';
import type { Sample } from '@kindred/core';
import type { Prediction } from '@kindred/core/host';

import { createHost, loadApi } from '../host.js';
import { formatPrediction } from '../predict/format.js';
import { openInputs, STDIN } from '../predict/inputs.js';
import { addCommand } from '../report/gallery.js';
import { imageProblem } from '../report/image-problem.js';
import { predictionToJson } from '../report/json.js';
import { EXIT, type App } from '../run/app.js';
import type { Run } from '../run/run.js';
import { formatUnits } from '../terminal/numbers.js';

import { cacheOption, examples, jsonOption, positiveInteger } from './options.js';

interface PredictOptions {
  readonly top: number;
  readonly json?: boolean;
  readonly stdin?: boolean;
  readonly strict?: boolean;
  readonly cache?: string;
}

export const predictCommand = (run: Run) =>
  new Command('predict')
    .summary('use a bundle on files, folders, patterns or paths from standard input')
    .description(
      'Says what a bundle sees in images. Prints one line for each image and branch, in the order of the images, as soon as it is known: ' +
        'path, branch, and the labels with their probabilities (+ marks those at or above their threshold); of a detector +normal or -other, ' +
        'the probability of normal where it is calibrated, and the score (higher is more normal); of embeddings the nearest names in the ' +
        'gallery with their distances (+ marks those near enough to show the same).\n\n' +
        'An image that cannot be read is named on standard error and the rest go on; the exit code is 1 if none could be read, ' +
        'or with --strict if any could not.',
    )
    .argument('<bundle>', 'folder that a training run wrote')
    .argument(
      '[inputs...]',
      'files, folders (searched for images), quoted patterns, or - for paths from standard input',
    )
    .option('-k, --top <count>', 'how many labels or names to print, highest or nearest first', positiveInteger, 5)
    .addOption(jsonOption('print one object a line, { image, branches } or { image, error },'))
    .option('--stdin', 'read paths from standard input, one a line (the same as the input -)')
    .option('--strict', 'exit with 1 if any image could not be read')
    .addOption(cacheOption())
    .addHelpText(
      'after',
      examples(
        'kindred predict runs/posters poster.jpg --top 3',
        "kindred predict runs/posters new-posters 'more/**/*.png' --json",
        'find . -name "*.jpg" | kindred predict runs/posters -',
      ),
    )
    .action((bundle: string, inputs: string[], options: PredictOptions, command: Command) =>
      run(command, (app) => predict(app, bundle, inputs, options)),
    );

async function predict(app: App, bundle: string, args: readonly string[], options: PredictOptions): Promise<number> {
  const inputs = options.stdin && !args.includes(STDIN) ? [...args, STDIN] : args;
  if (inputs.length === 0) {
    throw new KindredError('KINDRED_USAGE', {
      message: 'There must be images to predict. Got no file, folder, pattern or -.',
      hint: 'Run `kindred predict --help` for examples.',
    });
  }
  const paths = await openInputs(inputs, app.stdin, app.signal);
  const api = await loadApi();
  const predictor = await api.openPredictor(bundle, await createHost(app, options));
  for (const branch of predictor.stale) app.terminal.err(explainStale(branch, app));
  try {
    const count = { done: 0, failed: 0 };
    let empty = false;
    const step = app.progress.start({ name: 'predict', unit: 'images' });
    for await (const prediction of predictor.predict(samplesOf(paths, api.fileSample))) {
      count.done++;
      if ('error' in prediction) {
        count.failed++;
        app.terminal.err(explainImage(prediction.sample, prediction.error, app));
      }
      if (!empty && hasEmptyGallery(prediction)) {
        empty = true;
        app.terminal.err(
          `The gallery is empty: there is nothing to compare images with. Add images with: ${addCommand(bundle)}`,
        );
      }
      if (options.json) await app.terminal.out(JSON.stringify(predictionToJson(prediction, options.top)));
      else
        for (const line of formatPrediction(prediction, options.top, app.terminal.outStyle))
          await app.terminal.out(line);
      step.advance(1);
    }
    step.end(count.failed === 0 ? undefined : `${formatUnits(count.failed, 'images')} could not be read`);
    const failed = options.strict ? count.failed > 0 : count.failed > 0 && count.failed === count.done;
    return failed ? EXIT.failed : EXIT.done;
  } finally {
    await predictor.dispose();
  }
}

function hasEmptyGallery(prediction: Prediction): boolean {
  if ('error' in prediction) return false;
  return Object.values(prediction.branches).some((branch) => branch.kind === 'match' && branch.matches.length === 0);
}

async function* samplesOf(paths: AsyncIterable<string>, fileSample: (path: string) => Sample): AsyncGenerator<Sample> {
  for await (const path of paths) yield fileSample(path);
}

function explainStale(branch: string, { terminal: { errStyle } }: App): string {
  const what = `The branch '${branch}' is stale: what it reads was trained again after it.`;
  const hint = `Its answers mean nothing until: kindred train MANIFEST --branch ${branch}`;
  return `${errStyle.yellow('warning')} ${what} ${errStyle.dim(hint)}`;
}

function explainImage(sample: Sample, error: KindredError, { terminal: { errStyle } }: App): string {
  const hint = error.hint === undefined ? '' : ` ${errStyle.dim(error.hint)}`;
  return `${errStyle.red('error')} ${imageProblem(sample.location, error)}${hint}`;
}
