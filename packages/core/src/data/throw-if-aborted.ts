import { KindredError, isKindredError } from '../errors/kindred-error.js';

/** @throws KINDRED_ABORTED once `signal` is aborted */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  if (isKindredError(signal.reason)) throw signal.reason;
  throw new KindredError('KINDRED_ABORTED', { message: 'The run was stopped.', cause: signal.reason });
}
