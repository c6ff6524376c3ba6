import { Command } from 'commander';

import { createHost, loadApi } from '../host.js';
import { summarizeEvaluation } from '../report/evaluate.js';
import { evaluateToJson } from '../report/json.js';
import { EXIT, type App } from '../run/app.js';
import type { Run } from '../run/run.js';

import { cacheOption, examples, jsonOption } from './options.js';

interface EvaluateOptions {
  readonly data?: string;
  readonly json?: boolean;
  readonly cache?: string;
}

export const evaluateCommand = (run: Run) =>
  new Command('evaluate')
    .summary('measure a bundle on its test part or on other data')
    .description('Measures a bundle: on the test part of its own data, or on another dataset of the same kind.')
    .argument('<bundle>', 'folder that a training run wrote')
    .option('-d, --data <path>', 'path of another dataset of the same kind')
    .addOption(jsonOption('print the result'))
    .addOption(cacheOption())
    .addHelpText('after', examples('kindred evaluate runs/posters', 'kindred evaluate runs/posters --data other.csv'))
    .action((bundle: string, options: EvaluateOptions, command: Command) =>
      run(command, (app) => evaluate(app, bundle, options)),
    );

async function evaluate(app: App, bundle: string, options: EvaluateOptions): Promise<number> {
  const api = await loadApi();
  const data = options.data === undefined ? {} : { data: options.data };
  const result = await api.evaluate(bundle, data, await createHost(app, options));
  if (options.json) {
    await app.terminal.out(JSON.stringify(evaluateToJson(result), undefined, 2));
  } else {
    for (const line of summarizeEvaluation(result, app.terminal.outStyle, app.verbose)) await app.terminal.out(line);
  }
  return EXIT.done;
}
