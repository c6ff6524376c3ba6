import type { Random } from '@kindred/core';

/** Deals `cards`, shuffled, without end: every card once before any comes again. There must be one. */
export function deck<T>(cards: readonly T[], random: Random): () => T {
  let rest: T[] = [];
  return () => {
    if (rest.length === 0) rest = random.shuffle(cards);
    return rest.pop() as T;
  };
}
