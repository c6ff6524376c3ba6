import { readFileSync } from 'node:fs';

import { Command, Option } from 'commander';

import { checkCommand } from './commands/check.js';
import { doctorCommand } from './commands/doctor.js';
import { enginesCommand } from './commands/engines.js';
import { evaluateCommand } from './commands/evaluate.js';
import { galleryCommand } from './commands/gallery.js';
import { examples } from './commands/options.js';
import { pluginsCommand } from './commands/plugins.js';
import { predictCommand } from './commands/predict.js';
import { schemaCommand } from './commands/schema.js';
import { trainCommand } from './commands/train.js';
import { LOG_LEVELS } from './run/app.js';
import type { Run } from './run/run.js';
import { createStyle } from './terminal/style.js';

const EXIT_CODES = `
Exit codes:
  0    done
  1    the run failed
  2    wrong usage or manifest
  130  stopped by Ctrl-C`;

/** The command line: what there is to call and what it says of itself. Loads nothing heavy. */
export function createProgram(run: Run): Command {
  const program = new Command('kindred')
    .description('Tells what an image is, and whether it belongs at all: image pipelines declared in JSON.')
    .version(packageVersion(), '-V, --version')
    .option('-v, --verbose', 'show stacks of errors, the debug log, and all rows of tables')
    .addOption(
      new Option('--log-level <level>', 'least level of the log on standard error (default: warn)').choices(LOG_LEVELS),
    )
    .option('-q, --quiet', 'show no progress')
    .addHelpText(
      'after',
      `${EXIT_CODES}\n${examples('kindred train posters.json', 'kindred predict runs/posters poster.jpg')}`,
    );

  const commands = [
    checkCommand,
    trainCommand,
    evaluateCommand,
    predictCommand,
    galleryCommand,
    schemaCommand,
    pluginsCommand,
    enginesCommand,
    doctorCommand,
  ].map((create) => create(run));
  for (const command of commands) program.addCommand(command);

  const style = createStyle(process.stderr);
  for (const command of [program, ...commands, ...commands.flatMap((parent) => parent.commands)]) {
    command
      .exitOverride()
      .configureHelp({ showGlobalOptions: command !== program })
      .showHelpAfterError(`Run \`${pathOf(command)} --help\` to see how it is called.`)
      .configureOutput({
        outputError: (text, write) => write(text.replace(/^error:/, style.red(style.bold('error')))),
      });
  }
  return program;
}

/** What is typed to call it: `kindred engines list`. */
function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

function packageVersion(): string {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
