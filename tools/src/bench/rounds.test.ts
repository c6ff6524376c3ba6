import { describe, expect, it } from 'vitest';

import { interleave, median } from './rounds.js';

describe('median', () => {
  it.each([
    [[3], 3],
    [[9, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('refuses no values', () => {
    expect(() => median([])).toThrow('a median needs at least one value');
  });
});

describe('interleave', () => {
  it('takes turns, in the opposite order every other round', async () => {
    const order: string[] = [];
    const contestant = (name: string) => (round: number) => {
      order.push(`${name}${round}`);
      return Promise.resolve({ seconds: round + 1, cpuSeconds: 2 });
    };
    const rounds = await interleave({ a: contestant('a'), b: contestant('b') }, 3);
    expect(order).toEqual(['a0', 'b0', 'b1', 'a1', 'a2', 'b2']);
    const taken = [1, 2, 3].map((seconds) => ({ seconds, cpuSeconds: 2 }));
    expect(rounds).toEqual({ a: taken, b: taken });
  });

  it('passes a failure on', async () => {
    const failing = { a: () => Promise.reject(new Error('no torch')) };
    await expect(interleave(failing, 2)).rejects.toThrow('no torch');
  });
});
