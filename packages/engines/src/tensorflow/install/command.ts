import { spawn } from 'node:child_process';

export interface CommandOptions {
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly env?: Readonly<Record<string, string>>;
}

export interface CommandResult {
  readonly ok: boolean;
  /** Both of its streams, in the order they came. */
  readonly output: string;
}

/**
 * Runs a program to its end.
 * @throws an error with the code ENOENT if there is no such program; the signal's reason on abort
 */
export function runCommand(
  file: string,
  args: readonly string[],
  { cwd, signal, env }: CommandOptions,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const options = { cwd, signal, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] as const };
    const child = spawn(file, args, { ...options, stdio: [...options.stdio] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.on('error', (error) => reject(signal.aborted ? (signal.reason as Error) : error));
    child.on('close', (code, killed) => {
      if (killed) output += `\nended by ${killed}`;
      resolve({ ok: code === 0, output });
    });
  });
}

/** The lines of an output that tell of errors, or else its end: short enough for a message. */
export function gist(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const telling = lines.filter((line) => /error|cannot|not found|fail/i.test(line));
  return (telling.length > 0 ? telling.slice(0, 3) : lines.slice(-3)).join('; ').slice(0, 500) || 'it said nothing';
}
