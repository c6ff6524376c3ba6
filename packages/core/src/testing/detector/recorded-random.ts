import { createRandom, type Random } from '../../context/random.js';

/** Random numbers that tell whether any was drawn. */
export function recordedRandom(onDraw: () => void, random: Random = createRandom(1)): Random {
  const told = <A extends unknown[], R>(draw: (...args: A) => R) => {
    return (...args: A): R => {
      onDraw();
      return draw(...args);
    };
  };
  return {
    next: told(() => random.next()),
    integer: told((limit: number) => random.integer(limit)),
    normal: told(() => random.normal()),
    shuffle: <T>(items: readonly T[]): T[] => {
      onDraw();
      return random.shuffle(items);
    },
    fork: (name) => recordedRandom(onDraw, random.fork(name)),
  };
}
