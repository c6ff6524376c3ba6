import { throwIfAborted } from '../data/throw-if-aborted.js';
import { untilAborted } from '../data/until-aborted.js';

/**
 * Maps `items` with at most `limit` tasks begun and not yet handed on, and yields results in the order of the items. The next
 * task begins when a result is taken: a slow consumer holds back the rest.
 * @throws KINDRED_ABORTED, or what a task rejects with
 */
export async function* mapOrdered<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  limit: number,
  task: (item: T, index: number) => Promise<R>,
  signal?: AbortSignal,
): AsyncGenerator<R> {
  const begun: Promise<R>[] = [];
  let index = 0;
  try {
    for await (const item of items) {
      throwIfAborted(signal);
      const running = task(item, index++);
      // It is awaited later: until then its failure is no unhandled rejection.
      running.catch(() => undefined);
      begun.push(running);
      if (begun.length >= limit) yield await untilAborted(begun.shift() as Promise<R>, signal);
    }
    for (let next = begun.shift(); next !== undefined; next = begun.shift()) {
      throwIfAborted(signal);
      yield await untilAborted(next, signal);
    }
  } finally {
    // After an abort nobody waits: a huge image takes seconds to decode.
    if (signal?.aborted !== true) await Promise.allSettled(begun);
  }
}
