import { pino, type DestinationStream, type Level } from 'pino';

import type { Logger } from '../context/logger.js';
import type { Progress } from '../context/progress.js';

/** Logs as JSON lines to `destination`. */
export function createLogger(options: { readonly level: Level; readonly destination: DestinationStream }): Logger {
  return pino({ level: options.level, base: undefined }, options.destination);
}

/** A library says nothing unless it is asked to. */
export const silentLogger: Logger = pino({ level: 'silent' });

/** Progress that nobody watches. */
export const noProgress: Progress = { start: () => ({ advance: () => undefined, end: () => undefined }) };
