import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The built command: what users run. */
const BUILT = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const MAIN = fileURLToPath(new URL('../../bin/kindred.js', import.meta.url));

export interface RunOptions {
  readonly cwd?: string;
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the running child, to send signals or close its streams. */
  readonly during?: (child: ChildProcess) => void;
}

export interface RunResult {
  /** The exit code, or the name of the signal that ended it. */
  readonly exit: number | NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `kindred ARGS` in a process of its own, without a terminal, and waits for its end. */
export function kindred(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return runProcess(process.execPath, [MAIN, ...args], options);
}

/** Runs a shell command in which `kindred` is the built command. */
export function shell(command: string, options: RunOptions = {}): Promise<RunResult> {
  return runProcess('bash', ['-c', `kindred() { "${process.execPath}" "${MAIN}" "$@"; }\n${command}`], options);
}

function runProcess(file: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  if (!existsSync(BUILT)) throw new Error('these tests run the built command: run `npm run build` first');
  const { FORCE_COLOR: _, NO_COLOR: __, ...inherited } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: options.cwd, env: { ...inherited, ...options.env } });
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ exit: code ?? signal, ...output }));
    // A child that never reads may be gone before all is written.
    child.stdin.on('error', () => undefined);
    if (options.stdin !== undefined || !options.during) child.stdin.end(options.stdin ?? '');
    options.during?.(child);
  });
}
