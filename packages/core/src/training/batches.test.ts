import { describe, expect, it } from 'vitest';

import { createRandom } from '../context/random.js';
import { float32 } from '../tensor/nd-array.js';

import { eachAhead } from './batches.js';
import { memoryBatches } from './memory-batches.js';

const data = {
  x: float32([5, 2], [0, 0, 1, 10, 2, 20, 3, 30, 4, 40]),
  y: { dtype: 'uint8', shape: [5, 1], data: Uint8Array.of(0, 1, 0, 1, 1) } as const,
};
const rows = (source: ReturnType<typeof memoryBatches>, epoch: number) =>
  Array.from(source.epoch(epoch) as Iterable<{ x: { data: Float32Array } }>, ({ x }) =>
    Array.from(x.data).filter((_, i) => i % 2 === 0),
  );

describe('memoryBatches', () => {
  it('gives every row once, in order, the rest in a smaller batch', () => {
    const batches = [...(memoryBatches(data, { batchSize: 2 }).epoch(1) as Iterable<unknown>)];
    expect(batches).toEqual([
      { x: float32([2, 2], [0, 0, 1, 10]), y: float32([2, 1], [0, 1]) },
      { x: float32([2, 2], [2, 20, 3, 30]), y: float32([2, 1], [0, 1]) },
      { x: float32([1, 2], [4, 40]), y: float32([1, 1], [1]) },
    ]);
  });

  it('shuffles by seed and epoch alone', () => {
    const source = memoryBatches(data, { batchSize: 5, random: createRandom(1) });
    const [first, second] = [rows(source, 1), rows(source, 2)];
    expect(first.flat().sort()).toEqual([0, 1, 2, 3, 4]);
    expect(second).not.toEqual(first);
    expect(rows(source, 1)).toEqual(first);
    expect(rows(memoryBatches(data, { batchSize: 5, random: createRandom(2) }), 1)).not.toEqual(first);
  });
});

describe('eachAhead', () => {
  it('asks for the next item while this one is used, and keeps the order', async () => {
    const asked: number[] = [];
    const source = (function* () {
      for (const item of [1, 2, 3]) {
        asked.push(item);
        yield item;
      }
    })();
    const got: number[] = [];
    await eachAhead(source, async (item) => {
      got.push(item);
      expect(asked).toEqual([1, 2, 3].slice(0, item));
      await Promise.resolve();
      expect(asked).toEqual([1, 2, 3].slice(0, item + 1));
    });
    expect(got).toEqual([1, 2, 3]);
  });

  it('closes the source and passes the error on when an item cannot be used', async () => {
    let closed = false;
    const source = (async function* () {
      try {
        for (;;) yield await Promise.resolve(1);
      } finally {
        closed = true;
      }
    })();
    await expect(eachAhead(source, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(closed).toBe(true);
  });

  it('reports a source that fails after the items before it were used', async () => {
    const source = (function* () {
      yield 1;
      throw new Error('unreadable');
    })();
    const got: number[] = [];
    const reading = eachAhead(source, async (item) => {
      await Promise.resolve();
      got.push(item);
    });
    await expect(reading).rejects.toThrow('unreadable');
    expect(got).toEqual([1]);
  });
});
