import { isKindredError, KindredError } from '../../../errors/kindred-error.js';
import type { ErrorCode } from '../../../errors/table.js';

/** A KindredError as a message between threads, which would make a plain Error of it. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly path?: string | undefined;
  readonly hint?: string | undefined;
  readonly received?: unknown;
  readonly cause?: unknown;
  readonly issues: readonly WireError[];
}

export function packError(error: KindredError): WireError {
  const { code, message, path, hint, received, cause, issues } = error;
  return {
    code,
    message,
    path,
    hint,
    received: sendable(received),
    // An error that is cloned keeps message and stack.
    cause: isKindredError(cause) ? packError(cause) : sendable(cause),
    issues: issues.map(packError),
  };
}

export function unpackError({ code, issues, cause, ...details }: WireError): KindredError {
  return new KindredError(code, {
    message: details.message,
    path: details.path,
    hint: details.hint,
    received: details.received,
    cause: isWireError(cause) ? unpackError(cause) : cause,
    issues: issues.map(unpackError),
  });
}

function isWireError(value: unknown): value is WireError {
  return (
    typeof value === 'object' && value !== null && !(value instanceof Error) && 'code' in value && 'issues' in value
  );
}

/** The value, or in words what cannot be cloned (a function, say). */
function sendable(value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch {
    return value instanceof Error ? new Error(value.message) : String(value);
  }
}
