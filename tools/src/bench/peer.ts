import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Runs a script of tools/bench with `python`, and `env` beside this process' environment, and returns the JSON object on its last line.
 * @throws TypeError if it does not run
 */
export async function runPeer<Result>(
  python: string,
  script: string,
  parameters: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Result> {
  const path = fileURLToPath(new URL(`../../bench/${script}`, import.meta.url));
  const { stdout } = await run(python, [path, ...parameters], {
    maxBuffer: 2 ** 24,
    env: { ...process.env, ...env },
  }).catch((error: Error) => {
    const [reason = ''] = error.message.trim().split('\n').slice(-1);
    throw new TypeError(
      `--python must be a Python that runs ${script} and has what it imports. Got ${python}: ${reason}`,
    );
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Result;
}
