import { setTimeout as wait } from 'node:timers/promises';

import { isKindredError } from '@kindred/core';
import type { Command } from 'commander';

import { createLiveProgress } from '../progress/live.js';
import { createPlainProgress } from '../progress/plain.js';
import { silentProgress } from '../progress/silent.js';
import { BrokenPipe, createTerminal, type Terminal } from '../terminal/terminal.js';

import { EXIT, type App, type GlobalOptions } from './app.js';
import { errorToJson, exitCodeOf, explainError } from './explain.js';
import { STOPPED, watchInterrupts, type Interrupts } from './interrupts.js';
import { createTextLogger } from './text-logger.js';

/** Runs the body of a command. It returns its exit code; what it throws is explained. */
export type Run = (command: Command, body: (app: App) => Promise<number>) => Promise<void>;

/** Ties commands to this process. `ended` gets the exit code. */
export function createRun(ended: (exitCode: number) => void): Run {
  return async (command, body) => {
    const options = command.optsWithGlobals<GlobalOptions & { json?: boolean }>();
    const controller = new AbortController();
    const terminal = createTerminal(process.stdout, process.stderr, (reason) => controller.abort(reason));
    const interrupts = watchInterrupts(controller, terminal);
    const app = createApp(options, terminal, controller.signal);
    let exitCode: number;
    try {
      exitCode = await body(app);
      // The last lines may have met a full disk only now; and an abort may have looked like the end of the input.
      await terminal.flush();
      controller.signal.throwIfAborted();
    } catch (error) {
      exitCode = await fail(error, app, interrupts, options.json === true);
    } finally {
      terminal.redraw(undefined);
      interrupts.stop();
    }
    await Promise.race([terminal.flush(), wait(1000, undefined, { ref: false })]);
    ended(exitCode);
  };
}

function createApp(options: GlobalOptions, terminal: Terminal, signal: AbortSignal): App {
  const verbose = options.verbose === true;
  const level = options.logLevel ?? (verbose ? 'debug' : 'warn');
  const write = (line: string) => terminal.err(line);
  const now = () => performance.now() / 1000;
  const createProgress = () =>
    terminal.live ? createLiveProgress(terminal, now, signal) : createPlainProgress(write, now, signal);
  return {
    terminal,
    log: createTextLogger(level, terminal.errStyle, write),
    progress: options.quiet ? silentProgress : createProgress(),
    signal,
    stdin: process.stdin,
    verbose,
  };
}

/** Tells of the error that ended a run. An abort is what its cause says, whatever a component made of it. */
async function fail(error: unknown, app: App, interrupts: Interrupts, json: boolean): Promise<number> {
  const { terminal, signal, verbose } = app;
  terminal.redraw(undefined);
  if (interrupts.exitCode !== undefined) {
    for (const line of stoppedLines(error)) terminal.err(line);
    return interrupts.exitCode;
  }
  const reason: unknown = signal.aborted ? signal.reason : error;
  if (reason instanceof BrokenPipe) return EXIT.done;
  for (const line of explainError(reason, terminal.errStyle, verbose)) terminal.err(line);
  if (json) await terminal.out(JSON.stringify({ error: errorToJson(reason) })).catch(() => undefined);
  return exitCodeOf(reason);
}

/** What a command has to say of being stopped, if anything: what of its work is saved, say. */
function stoppedLines(error: unknown): string[] {
  if (!isKindredError(error) || error.code !== 'KINDRED_ABORTED') return [STOPPED];
  return [error.message, ...(error.hint === undefined ? [] : [error.hint])];
}
