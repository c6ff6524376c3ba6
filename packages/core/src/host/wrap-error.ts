import { KindredError, isKindredError } from '../errors/kindred-error.js';

/** Any thrown value as a KindredError. One that was not thrown on purpose is a bug of Kindred's own, and says so. */
export function wrapError(error: unknown): KindredError {
  if (isKindredError(error)) return error;
  if (error instanceof Error && error.name === 'AbortError') {
    return new KindredError('KINDRED_ABORTED', { message: 'The run was stopped.', cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new KindredError('KINDRED_INTERNAL', {
    message: `Kindred must not fail in this way: ${message}`,
    hint: 'This is a bug. Run again with --verbose and report what it prints.',
    cause: error,
  });
}
