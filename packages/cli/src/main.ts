import { isKindredError } from '@kindred/core';
import { CommanderError } from 'commander';

import { createProgram } from './program.js';
import { EXIT } from './run/app.js';
import { explainError } from './run/explain.js';
import { createRun } from './run/run.js';
import { createStyle } from './terminal/style.js';
import { BrokenPipe } from './terminal/terminal.js';

/** What no handler caught: a plugin's stray promise, say. */
function crash(error: unknown): void {
  // What an abort left behind: the run that was aborted tells of it.
  if (error instanceof BrokenPipe || (isKindredError(error) && error.code === 'KINDRED_ABORTED')) return;
  const verbose = process.argv.some((word) => word === '--verbose' || word === '-v');
  const lines = explainError(error, createStyle(process.stderr), verbose);
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(EXIT.failed);
}
// Whoever stops reading the help (`| head`) does not want an error for it; commands watch their own output.
process.stdout.on('error', () => undefined);
process.on('uncaughtException', crash).on('unhandledRejection', crash);

try {
  // A component that leaves a timer or a socket behind must not keep the command from ending.
  await createProgram(createRun((exitCode) => process.exit(exitCode))).parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Help and version were asked for: 0. Everything else that commander refuses is wrong usage.
  process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
}
