import path from 'node:path';

import { Argument, Command } from 'commander';

import type { EngineListing } from '@kindred/engines';

import { createHost } from '../host.js';
import { EXIT, type App } from '../run/app.js';
import type { Run } from '../run/run.js';
import { formatTable } from '../terminal/table.js';

import { cacheOption, examples, jsonOption } from './options.js';

interface ListOptions {
  readonly json?: boolean;
  readonly cache?: string;
}

interface InstallOptions extends ListOptions {
  readonly from?: string;
  readonly gpu?: boolean;
}

export const enginesCommand = (run: Run) =>
  new Command('engines')
    .summary('list the engines of this machine, or install another one')
    .description('Lists the engines of this machine, or installs another one.')
    .addCommand(listCommand(run))
    .addCommand(installCommand(run))
    .addHelpText('after', examples('kindred engines list', 'kindred engines install tensorflow'));

const listCommand = (run: Run) =>
  new Command('list')
    .summary('list the engines, whether they work, and on which devices')
    .description(
      'Tries every engine and device out, each in a process of its own, and lists what works. Each line of one that does not says ' +
        'why, and what to do.',
    )
    .addOption(jsonOption('print a list of { name, works, version, devices, from, reason, hint }'))
    .addOption(cacheOption())
    .addHelpText('after', examples('kindred engines list', 'kindred engines list --json'))
    .action((options: ListOptions, command: Command) => run(command, (app) => list(app, options)));

const installCommand = (run: Run) =>
  new Command('install')
    .summary('install the engine tensorflow')
    .description(
      'Installs the engine tensorflow into the cache folder, tries it out, and puts it in the place of an older one. Without --from ' +
        "it is the installer of the package @tensorflow/tfjs-node, which downloads libtensorflow. With --from the package's native " +
        'part is compiled (g++ is needed) against a TensorFlow that you have: a wheel of pip, which is unpacked, or a folder such as ' +
        'site-packages/tensorflow, which is used where it is, its CUDA included.',
    )
    .addArgument(new Argument('<engine>', 'the one that does not come with Kindred').choices(['tensorflow']))
    .option('--from <path>', 'a TensorFlow wheel, or a folder with its libraries and headers')
    .option('--gpu', 'take @tensorflow/tfjs-node-gpu; with --from, the wheel decides')
    .addOption(jsonOption('print { engine, version, device, folder }'))
    .addOption(cacheOption())
    .addHelpText(
      'after',
      examples(
        'kindred engines install tensorflow',
        'pip download tensorflow-cpu==2.21.0 --no-deps',
        'kindred engines install tensorflow --from tensorflow_cpu-2.21.0-*.whl',
      ),
    )
    .action((_: string, options: InstallOptions, command: Command) => run(command, (app) => install(app, options)));

async function list(app: App, options: ListOptions): Promise<number> {
  const { listEngines } = await import('@kindred/engines');
  const { cacheDir } = await createHost(app, options);
  const engines = await listEngines({ cacheDir, baseDir: path.resolve() }, app.signal);
  if (options.json) {
    await app.terminal.out(JSON.stringify(engines, undefined, 2));
    return EXIT.done;
  }
  for (const line of formatEngines(engines, app)) await app.terminal.out(line);
  return EXIT.done;
}

function formatEngines(engines: readonly EngineListing[], { terminal: { outStyle: style } }: App): string[] {
  const columns = ['ENGINE', 'WORKS', 'VERSION', 'DEVICES', 'FROM'].map((title) => ({ title }));
  const [header = '', ...rows] = formatTable(
    columns,
    engines.map(({ name, works, version = '-', devices, from = '-' }) => [
      name,
      works ? 'yes' : 'no',
      version,
      devices.join(', ') || '-',
      from,
    ]),
  );
  const lines = rows.flatMap((row, i) => {
    const { reason, hint } = engines[i] as EngineListing;
    return [row, ...[reason, hint && `${style.cyan('→')} ${hint}`].flatMap((text) => (text ? [`  ${text}`] : []))];
  });
  return [style.bold(header), ...lines];
}

async function install(app: App, options: InstallOptions): Promise<number> {
  const { installTensorflow } = await import('@kindred/engines');
  const { cacheDir, log, progress, signal } = await createHost(app, options);
  const { from, gpu } = options;
  const { folder, probed } = await installTensorflow({ from, gpu, cacheDir, log, progress, signal });
  const device = probed.gpu ? 'gpu' : 'cpu';
  if (options.json) {
    await app.terminal.out(
      JSON.stringify({ engine: 'tensorflow', version: probed.tensorflow, device, folder }, undefined, 2),
    );
    return EXIT.done;
  }
  const { terminal } = app;
  await terminal.out(
    `${terminal.outStyle.green('✓')} tensorflow ${probed.tensorflow} computes on the ${device}; it is in ${folder}.`,
  );
  await terminal.out('  Manifests choose it with "engine": "tensorflow", or "auto" where a GPU decides.');
  return EXIT.done;
}
