import type { Logger, Progress } from '@kindred/core';

import type { Terminal } from '../terminal/terminal.js';

/** Options that every command has. */
export interface GlobalOptions {
  readonly verbose?: boolean;
  readonly logLevel?: LogLevel;
  readonly quiet?: boolean;
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What a command is handed by the process it runs in. */
export interface App {
  readonly terminal: Terminal;
  readonly log: Logger;
  readonly progress: Progress;
  /** Aborted by Ctrl-C, or once nobody reads the results any more. */
  readonly signal: AbortSignal;
  readonly stdin: NodeJS.ReadableStream;
  readonly verbose: boolean;
}

/** Exit codes of the command. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;
