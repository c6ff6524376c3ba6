import { KindredError } from '@kindred/core';

import { createStyle, type Style } from './style.js';

/** Standard output was closed by its reader (`| head`): not an error, but nothing more can be said. */
export class BrokenPipe extends Error {
  override readonly name = 'BrokenPipe';
}

/** Results go to `out`, everything else to `err`; a line that is redrawn in place can stay below both. */
export interface Terminal {
  /** For text on standard output. */
  readonly outStyle: Style;
  /** For text on standard error. */
  readonly errStyle: Style;
  /** Standard error is a terminal: lines can be redrawn. */
  readonly live: boolean;
  /** Cells in a line of standard error. */
  readonly columns: number;
  /**
   * Writes a line of results and waits while the reader is slow.
   * @throws BrokenPipe if there is no reader any more, KINDRED_OUTPUT_UNWRITABLE if it cannot be written otherwise.
   */
  out(line: string): Promise<void>;
  /** Writes a line for people. */
  err(line: string): void;
  /** Shows `line` (of at most `columns` cells) in place of the line before; undefined takes it away. */
  redraw(line: string | undefined): void;
  /** Waits until all that was written has left. */
  flush(): Promise<void>;
}

const ERASE = '\r\u001b[2K';

/** Wraps a process' two output streams. `onBroken` is called once, when standard output cannot be written any more. */
export function createTerminal(
  stdout: NodeJS.WriteStream,
  stderr: NodeJS.WriteStream,
  onBroken: (reason: Error) => void = () => undefined,
): Terminal {
  let shown: string | undefined;
  let broken: Error | undefined;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (broken) return;
    broken = error.code === 'EPIPE' ? new BrokenPipe() : unwritable(error);
    onBroken(broken);
  });
  // Whoever closed standard error does not want to read that it is closed.
  stderr.on('error', () => undefined);

  const erase = () => (shown === undefined ? '' : ERASE);
  const write = (stream: NodeJS.WriteStream, text: string) =>
    new Promise<void>((resolve) => {
      // The error itself arrives through the 'error' event.
      stream.write(text, () => resolve());
    });

  return {
    outStyle: createStyle(stdout),
    errStyle: createStyle(stderr),
    live: stderr.isTTY === true,
    get columns() {
      return stderr.columns || 80;
    },
    async out(line) {
      if (broken) throw broken;
      const redraw = stdout.isTTY && shown !== undefined;
      if (redraw) stderr.write(ERASE);
      await write(stdout, `${line}\n`);
      if (redraw && shown !== undefined) stderr.write(shown);
      if (broken) throw broken as Error;
    },
    err(line) {
      stderr.write(`${erase()}${line}\n${shown ?? ''}`);
    },
    redraw(line) {
      if (line === shown) return;
      stderr.write(`${erase()}${line ?? ''}`);
      shown = line;
    },
    async flush() {
      await Promise.all([write(stdout, ''), write(stderr, '')]);
    },
  };
}

function unwritable(cause: Error): KindredError {
  return new KindredError('KINDRED_OUTPUT_UNWRITABLE', {
    message: `What standard output goes to must be writable. Writing to it failed: ${cause.message}.`,
    hint: 'Make room on the disk, or send the output elsewhere.',
    cause,
  });
}
