import { KindredError } from '@kindred/core';

import type { Terminal } from '../terminal/terminal.js';

/** What is told of a command that was stopped and has nothing more to say. */
export const STOPPED = 'Stopped.';

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

export interface Interrupts {
  /** The exit code that the received signal asks for; undefined if none came. */
  readonly exitCode: number | undefined;
  stop(): void;
}

/**
 * Turns Ctrl-C (SIGINT) and SIGTERM into an abort, so that a run can put things in order. The second one kills the process the
 * way the system does, whatever it is doing.
 */
export function watchInterrupts(controller: AbortController, terminal: Terminal): Interrupts {
  let exitCode: number | undefined;
  const received = (name: keyof typeof EXIT_CODES) => {
    if (exitCode !== undefined) {
      terminal.redraw(undefined);
      stop();
      // Without a listener the system's own handling is back: no exit handlers, no waiting for native threads.
      process.kill(process.pid, name);
      return;
    }
    exitCode = EXIT_CODES[name];
    terminal.redraw(undefined);
    if (terminal.live) terminal.err('Stopping; once more kills at once.');
    controller.abort(new KindredError('KINDRED_ABORTED', { message: STOPPED }));
  };
  const onInterrupt = () => received('SIGINT');
  const onTerminate = () => received('SIGTERM');
  process.on('SIGINT', onInterrupt).on('SIGTERM', onTerminate);
  const stop = () => {
    process.off('SIGINT', onInterrupt).off('SIGTERM', onTerminate);
  };

  return {
    get exitCode() {
      return exitCode;
    },
    stop,
  };
}
