import type { Random } from '@kindred/core';

/** Cards that are dealt in a shuffled order, and shuffled anew when all have been: over time each comes as often as the others. */
export interface Deck<T> {
  /** So many cards, no two alike while there are enough of them. */
  take(count: number): T[];
}

export function createDeck<T>(cards: readonly T[], random: Random): Deck<T> {
  let rest: T[] = [];
  return {
    take(count) {
      const taken = new Set<T>();
      const repeated: T[] = [];
      const later: T[] = [];
      while (taken.size + repeated.length < count) {
        if (rest.length === 0) rest = random.shuffle(cards);
        const card = rest.pop() as T;
        if (!taken.has(card)) taken.add(card);
        else if (taken.size < cards.length) later.push(card);
        else repeated.push(card);
      }
      rest.push(...later);
      return [...taken, ...repeated];
    },
  };
}
