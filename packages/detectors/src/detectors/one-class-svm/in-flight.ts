import type { Engine } from '@kindred/core';

/** Works on all `items`, on one more than the engine computes at a time, so that its workers need not wait for copies. */
export async function inFlight<T>(
  { concurrency }: Engine,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const line = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: concurrency + 1 }, line));
}

/** Where parts of `step` begin in `size`. */
export const startsOf = (size: number, step: number): number[] =>
  Array.from({ length: Math.ceil(size / step) }, (_, i) => i * step);
