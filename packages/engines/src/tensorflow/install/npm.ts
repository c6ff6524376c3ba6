import { existsSync } from 'node:fs';
import path from 'node:path';

import { gist, runCommand, type CommandResult } from './command.js';
import { installError } from './errors.js';

/**
 * Runs npm in a folder, with the user's own configuration (registry, proxy, certificates).
 * @throws KINDRED_ENGINE_INSTALL if there is no npm or it fails; the signal's reason on abort
 */
export async function runNpm(args: readonly string[], cwd: string, signal: AbortSignal, hint: string): Promise<void> {
  const [file, ...first] = npmCommand();
  let result: CommandResult;
  try {
    result = await runCommand(file, [...first, ...args], { cwd, signal });
  } catch (error) {
    signal.throwIfAborted();
    throw installError(`npm must run. It did not start: ${(error as Error).message}`, {
      hint: 'Install npm (it comes with Node), and see to it that it is on the PATH.',
      cause: error,
    });
  }
  if (result.ok) return;
  throw installError(`"npm ${args[0]}" must succeed. It failed: ${gist(result.output)}`, {
    hint,
    cause: new Error(result.output),
  });
}

/** npm's own file where it lies beside this Node, run by it; else whatever the PATH has. */
function npmCommand(): [string, ...string[]] {
  const bin = path.dirname(process.execPath);
  const files = ['../lib/node_modules/npm/bin/npm-cli.js', 'node_modules/npm/bin/npm-cli.js'];
  const file = files.map((name) => path.join(bin, name)).find((name) => existsSync(name));
  return file === undefined ? ['npm'] : [process.execPath, file];
}
