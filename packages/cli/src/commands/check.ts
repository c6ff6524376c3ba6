import { Command } from 'commander';

import { createHost, loadApi } from '../host.js';
import { EXIT, type App } from '../run/app.js';
import type { Run } from '../run/run.js';

import { examples, jsonOption } from './options.js';

export const checkCommand = (run: Run) =>
  new Command('check')
    .summary('print a manifest with every default filled in, or all its mistakes')
    .description('Checks a manifest: prints it with every default filled in, or all its mistakes at once.')
    .argument('<manifest>', 'the manifest, a JSON file')
    .addOption(jsonOption('print { path, manifest }'))
    .addHelpText('after', examples('kindred check posters.json'))
    .action((manifest: string, options: { json?: boolean }, command: Command) =>
      run(command, (app) => check(app, manifest, options)),
    );

async function check(app: App, manifest: string, options: { json?: boolean }): Promise<number> {
  const { checkManifest } = await loadApi();
  const checked = await checkManifest(manifest, await createHost(app));
  const result = options.json ? { path: checked.path, manifest: checked.manifest } : checked.manifest;
  await app.terminal.out(JSON.stringify(result, undefined, 2));
  if (!options.json) app.terminal.err(`${app.terminal.errStyle.green('✓')} ${manifest} has no mistakes.`);
  return EXIT.done;
}
