import type { NdArrays } from '../tensor/nd-array.js';

/** How many samples a batch holds: the first dimension of its arrays. */
export function rowsOf(batch: NdArrays): number {
  return Object.values(batch)[0]?.shape[0] ?? 0;
}

/**
 * Gives each item to `use`, one after another, and asks for the next one as soon as `use` waits: reading and computing
 * overlap.
 */
export async function eachAhead<T>(
  source: AsyncIterable<T> | Iterable<T>,
  use: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  const ask = async (): Promise<IteratorResult<T, unknown>> => iterator.next();
  try {
    let result = await ask();
    while (result.done !== true) {
      const used = use(result.value);
      const next = ask();
      // A failure is reported when its turn comes; until then it must not count as unhandled.
      next.catch(() => undefined);
      await used;
      result = await next;
    }
  } finally {
    await iterator.return?.();
  }
}
