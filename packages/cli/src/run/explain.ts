import { inspect } from 'node:util';

import { ERRORS, isKindredError, type KindredError } from '@kindred/core';

import type { Style } from '../terminal/style.js';

import { EXIT } from './app.js';

/** The lines that tell a person of an error: what is wrong and what to do; the stack in `verbose` alone. */
export function explainError(error: unknown, style: Style, verbose: boolean): string[] {
  const lines = isKindredError(error) ? explainKnown(error, style) : explainBug(error, style, verbose);
  return verbose ? [...lines, style.dim(inspect(error, { depth: 4 }))] : lines;
}

/** Exit code of a run that ended with `error`. */
export function exitCodeOf(error: unknown): number {
  return isKindredError(error) ? ERRORS[error.code].exit : EXIT.failed;
}

/** An error as `--json` prints it. */
export interface ErrorJson {
  /** A code of the error table, or UNEXPECTED for a bug. */
  readonly code: string;
  readonly message: string;
  readonly path?: string;
  readonly hint?: string;
  /** The single mistakes, where there are several. */
  readonly issues?: readonly ErrorJson[];
}

export function errorToJson(error: unknown): ErrorJson {
  if (!isKindredError(error)) return { code: 'UNEXPECTED', message: messageOf(error) };
  const { code, message, path, hint, issues } = error;
  return {
    code,
    message,
    ...(path === undefined ? {} : { path }),
    ...(hint === undefined ? {} : { hint }),
    ...(issues.length === 0 ? {} : { issues: issues.map(errorToJson) }),
  };
}

function explainKnown(error: KindredError, style: Style): string[] {
  return [
    `${style.red(style.bold('error'))} ${error.message} ${style.dim(`[${error.code}]`)}`,
    ...error.issues.flatMap((issue) => [`  ${issue.message}`, ...hintOf(issue, style, '    ')]),
    ...hintOf(error, style, '  '),
  ];
}

function hintOf({ hint }: KindredError, style: Style, indent: string): string[] {
  return hint === undefined ? [] : [`${indent}${style.cyan('→')} ${hint}`];
}

function explainBug(error: unknown, style: Style, verbose: boolean): string[] {
  return [
    `${style.red(style.bold('error'))} This is a bug in Kindred or in a plugin, not a mistake of yours: ${messageOf(error)}`,
    ...(verbose ? [] : [`  ${style.cyan('→')} Run it again with --verbose for the stack, and report both.`]),
  ];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
