import { inspect } from 'node:util';

import { ERRORS, isKindredError, KindredError, type ErrorCode } from '@kindred/core';

import type { Style } from '../terminal/style.js';

/** The lines that tell a person of an error: what is wrong and what to do; the stack in `verbose` alone. */
export function explainError(thrown: unknown, style: Style, verbose: boolean): string[] {
  const error = asKnown(thrown);
  const lines = [
    `${style.red(style.bold('error'))} ${describe(error, style)}`,
    ...error.issues.flatMap((issue) => [`  ${describe(issue, style)}`, ...hintOf(issue, style, '    ')]),
    ...hintOf(error, style, '  '),
  ];
  return verbose ? [...lines, style.dim(inspect(thrown, { depth: 4 }))] : lines;
}

/** Exit code of a run that ended with `error`. */
export function exitCodeOf(error: unknown): number {
  return ERRORS[asKnown(error).code].exit;
}

/** An error as `--json` prints it. */
export interface ErrorJson {
  readonly code: ErrorCode;
  readonly message: string;
  readonly path?: string;
  readonly hint?: string;
  /** The single mistakes, where there are several. */
  readonly issues?: readonly ErrorJson[];
}

export function errorToJson(error: unknown): ErrorJson {
  const { code, message, path, hint, issues } = asKnown(error);
  return {
    code,
    message,
    ...(path === undefined ? {} : { path }),
    ...(hint === undefined ? {} : { hint }),
    ...(issues.length === 0 ? {} : { issues: issues.map(errorToJson) }),
  };
}

/** What was not thrown on purpose is a bug, and says so. */
function asKnown(error: unknown): KindredError {
  if (isKindredError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new KindredError('KINDRED_INTERNAL', {
    message: `This is a bug in Kindred or in a plugin, not a mistake of yours: ${message}`,
    hint: 'Run it again with --verbose for the stack, and report both.',
    cause: error,
  });
}

const describe = ({ message, code }: KindredError, style: Style): string => `${message} ${style.dim(`[${code}]`)}`;

function hintOf({ hint }: KindredError, style: Style, indent: string): string[] {
  return hint === undefined ? [] : [`${indent}${style.cyan('→')} ${hint}`];
}
