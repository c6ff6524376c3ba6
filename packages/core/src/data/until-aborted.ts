import { throwIfAborted } from './throw-if-aborted.js';

/**
 * `work`, or KINDRED_ABORTED as soon as `signal` aborts: native code cannot be interrupted, but whoever waits for it can go on.
 * What the work gives after that is dropped, its failure as well.
 */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = () => resolve(refused(signal));
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    if (signal.aborted) abort();
  });
}

// eslint-disable-next-line @typescript-eslint/require-await -- what is thrown must become a rejection
async function refused(signal: AbortSignal): Promise<never> {
  throwIfAborted(signal);
  throw new TypeError('the signal must be aborted');
}
