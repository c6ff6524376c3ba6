import path from 'node:path';

import { Command } from 'commander';

import { BUILT_IN_PLUGINS, createHost, loadApi } from '../host.js';
import { EXIT, type App } from '../run/app.js';
import type { Run } from '../run/run.js';
import { formatTable } from '../terminal/table.js';

import { examples, jsonOption } from './options.js';

interface PluginsOptions {
  readonly json?: boolean;
}

export const pluginsCommand = (run: Run) =>
  new Command('plugins')
    .summary('list the components that manifests can use')
    .description(
      'Lists the components that manifests can use: those that come with Kindred and those of the plugins given.',
    )
    .argument('[plugins...]', 'more plugins to load: installed packages, or files as ./path')
    .addOption(jsonOption('print a list of { kind, name, version, plugin, summary }'))
    .addHelpText('after', examples('kindred plugins', 'kindred plugins ./my-plugin.js --json'))
    .action((plugins: string[], options: PluginsOptions, command: Command) =>
      run(command, (app) => listPlugins(app, plugins, options)),
    );

async function listPlugins(app: App, plugins: readonly string[], options: PluginsOptions): Promise<number> {
  const { loadRegistry } = await loadApi();
  const registry = await loadRegistry([...BUILT_IN_PLUGINS, ...plugins], path.resolve(), await createHost(app));
  const list = registry
    .list()
    .map(({ kind, name, version, plugin, summary }) => ({ kind, name, version, plugin, summary }));
  if (options.json) {
    await app.terminal.out(JSON.stringify(list, undefined, 2));
    return EXIT.done;
  }
  const rows = list.map(({ kind, name, version, plugin, summary }) => [kind, `${name}@${version}`, plugin, summary]);
  const [header = '', ...lines] = formatTable(
    ['KIND', 'USE', 'PLUGIN', 'SUMMARY'].map((title) => ({ title })),
    rows,
  );
  await app.terminal.out(app.terminal.outStyle.bold(header));
  for (const line of lines) await app.terminal.out(line);
  return EXIT.done;
}
