import { inspect } from 'node:util';

import type { Logger } from '@kindred/core';

import type { Style } from '../terminal/style.js';
import { oneLine } from '../terminal/width.js';

import { LOG_LEVELS, type LogLevel } from './app.js';

/** A logger that writes lines for people: `warn  the message  path=a.jpg count=3`. */
export function createTextLogger(level: LogLevel, style: Style, write: (line: string) => void): Logger {
  const colour = { debug: style.dim, info: style.cyan, warn: style.yellow, error: style.red };
  const at = (own: keyof typeof colour) => {
    if (LOG_LEVELS.indexOf(own) < LOG_LEVELS.indexOf(level)) return () => undefined;
    return (fields: object, message: string) => {
      const details = Object.entries(fields).map(([key, value]) => ` ${key}=${fieldText(value)}`);
      write(`${colour[own](own.padEnd(5))} ${oneLine(message)}${style.dim(details.join(''))}`);
    };
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function fieldText(value: unknown): string {
  if (typeof value === 'string') return /^[^\s"]+$/.test(value) ? oneLine(value) : JSON.stringify(value);
  if (value instanceof Error) return JSON.stringify(value.message);
  return oneLine(inspect(value, { depth: 2, breakLength: Infinity, maxArrayLength: 8, maxStringLength: 200 }));
}
