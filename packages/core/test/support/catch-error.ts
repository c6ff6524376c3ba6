import { expect } from 'vitest';

import { isKindredError, type KindredError } from '../../src/errors/kindred-error.js';

/** The KindredError that `run` fails with; anything else fails the test. */
export async function kindredErrorOf(run: () => unknown): Promise<KindredError> {
  try {
    await run();
  } catch (error) {
    if (isKindredError(error)) return error;
    throw error;
  }
  return expect.fail('expected an error, but there was none');
}
