import { createRandom, type Random } from '@kindred/core';

/** A stream whose `next` gives these numbers, one after another. */
export function drawing(...numbers: readonly number[]): Random {
  const rest = [...numbers];
  return {
    ...createRandom(1),
    next() {
      const number = rest.shift();
      if (number === undefined) throw new RangeError('more numbers were drawn than a test gives');
      return number;
    },
  };
}
