import type { NdArrays } from '../tensor/nd-array.js';

/** How many samples a batch holds: the first dimension of its arrays. */
export function rowsOf(batch: NdArrays): number {
  return Object.values(batch)[0]?.shape[0] ?? 0;
}

/** Asks for the next item before handing out this one, so that reading and computing overlap. */
export async function* readAhead<T>(source: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T, void> {
  const iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  const ask = async (): Promise<IteratorResult<T, unknown>> => iterator.next();
  let next = ask();
  try {
    for (;;) {
      const result = await next;
      if (result.done === true) return;
      next = ask();
      // A failure is reported when its turn comes; until then it must not count as unhandled.
      next.catch(() => undefined);
      yield result.value;
    }
  } finally {
    await iterator.return?.();
  }
}
