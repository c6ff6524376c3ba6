import { ERRORS, type ErrorCode } from './table.js';

export interface ErrorDetails {
  /** What must hold, for which component, what was received, where. One sentence. */
  readonly message: string;
  /** The JSON path in the manifest, or the file, that the error is about. */
  readonly path?: string;
  readonly received?: unknown;
  /** What to do next. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** The single mistakes, where several are reported at once. */
  readonly issues?: readonly KindredError[];
}

/** The only error that Kindred throws on purpose. Recognise it with `isKindredError`: several copies of core may be loaded. */
export class KindredError extends Error {
  override readonly name = 'KindredError';
  readonly code: ErrorCode;
  readonly path: string | undefined;
  readonly received: unknown;
  readonly hint: string | undefined;
  readonly issues: readonly KindredError[];

  constructor(code: ErrorCode, details: ErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.path = details.path;
    this.received = details.received;
    this.hint = details.hint;
    this.issues = details.issues ?? [];
  }
}

/** True for a `KindredError` of any copy of this package. */
export function isKindredError(error: unknown): error is KindredError {
  return (
    error instanceof Error &&
    error.name === 'KindredError' &&
    'code' in error &&
    Object.hasOwn(ERRORS, String(error.code))
  );
}
