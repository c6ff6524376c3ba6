import type { Scope } from '../container/scope.js';
import { throwIfAborted } from '../data/throw-if-aborted.js';

import type { Host } from './types.js';

/** Runs `action` and disposes of the scope, also after a failure. An abort is reported as one, whatever it broke. */
export async function withScope<T>(scope: Scope, { signal }: Host, action: (scope: Scope) => Promise<T>): Promise<T> {
  try {
    return await action(scope);
  } catch (error) {
    throwIfAborted(signal);
    throw error;
  } finally {
    await scope.dispose();
  }
}
