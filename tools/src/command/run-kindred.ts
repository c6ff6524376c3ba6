import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The built command, as npm links it. */
export const KINDRED = fileURLToPath(new URL('../bin/kindred.js', import.meta.resolve('@kindred/cli')));

/** How a command ended that did not end well. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  constructor(
    readonly line: string,
    readonly exitCode: number,
  ) {
    super(`\`${line}\` ended with exit code ${exitCode}.`);
  }
  /** True if a person ended it: there is nothing to explain. */
  get interrupted(): boolean {
    return this.exitCode === 130 || this.exitCode === 143;
  }
}

/** What a person would type for these arguments. */
export function commandLine(args: readonly string[]): string {
  const quote = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
  return ['npx kindred', ...args.map(quote)].join(' ');
}

/**
 * Runs `kindred ARGS` in a process of its own, on this terminal; gives what it wrote to standard output if `capture` is set.
 * Ctrl-C reaches the command by itself: this process waits for it to end cleanly.
 * @throws CommandFailed unless it exits with 0
 */
export async function runKindred(args: readonly string[], { capture = false } = {}): Promise<string> {
  const child = spawn(process.execPath, [KINDRED, ...args], {
    stdio: ['ignore', capture ? 'pipe' : 'inherit', 'inherit'],
  });
  const wait = () => undefined;
  const pass = () => void child.kill('SIGTERM');
  process.on('SIGINT', wait).on('SIGTERM', pass);
  try {
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 143)));
    });
    if (exitCode !== 0) throw new CommandFailed(commandLine(args), exitCode);
    return output;
  } finally {
    process.off('SIGINT', wait).off('SIGTERM', pass);
  }
}
