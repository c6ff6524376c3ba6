import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { kindredErrorOf } from '../../test/support/catch-error.js';
import { collect } from '../../test/support/collect.js';

import { mapOrdered } from './map-ordered.js';
import { prefetch } from './prefetch.js';
import { TaskWindow } from './task-window.js';

const range = (length: number) => Array.from({ length }, (_, i) => i);

describe('mapOrdered', () => {
  it('keeps the order, whatever ends first', async () => {
    const results = mapOrdered(range(20), 5, (i) => sleep((i * 7) % 5, i * 10));
    expect(await collect(results)).toEqual(range(20).map((i) => i * 10));
  });

  it('begins no more than the limit beyond what was taken', async () => {
    let begun = 0;
    let taken = 0;
    for await (const nth of mapOrdered(range(30), 4, () => Promise.resolve(++begun))) {
      expect(nth).toBe(++taken);
      expect(begun - taken).toBeLessThan(4);
      await sleep(1);
    }
    expect([begun, taken]).toEqual([30, 30]);
  });

  it('fails with a task, after those before it', async () => {
    const seen: number[] = [];
    const fail = async () => {
      for await (const i of mapOrdered(range(9), 3, (i) =>
        i === 4 ? Promise.reject(new Error('four')) : sleep(2, i),
      )) {
        seen.push(i);
      }
    };
    await expect(fail()).rejects.toThrow('four');
    expect(seen).toEqual([0, 1, 2, 3]);
  });

  it('waits for what it began when the consumer leaves', async () => {
    let ended = 0;
    const results = mapOrdered(range(9), 3, () => sleep(5).then(() => ended++));
    await results.next();
    await results.return(undefined);
    expect(ended).toBe(3);
  });

  it('stops on abort', async () => {
    const controller = new AbortController();
    const error = await kindredErrorOf(async () => {
      for await (const i of mapOrdered(range(9), 2, (i) => sleep(1, i), controller.signal))
        if (i === 2) controller.abort();
    });
    expect(error.code).toBe('KINDRED_ABORTED');
  });
});

describe('prefetch', () => {
  async function* counting(made: number[], limit: number) {
    for (let i = 0; i < limit; i++) {
      await sleep(1);
      made.push(i);
      yield i;
    }
  }

  it.each([0, 1, 3])('works %d values ahead of its consumer and no further', async (ahead) => {
    const made: number[] = [];
    let taken = 0;
    for await (const value of prefetch(counting(made, 10), ahead)) {
      expect(value).toBe(taken++);
      await sleep(15);
      expect(made.length).toBe(Math.min(10, taken + ahead));
    }
    expect(taken).toBe(10);
  });

  it('stops its source when the consumer leaves', async () => {
    const made: number[] = [];
    for await (const value of prefetch(counting(made, 1000), 2)) if (value === 1) break;
    const { length } = made;
    await sleep(10);
    expect(made).toHaveLength(length);
    expect(length).toBeLessThanOrEqual(5);
  });
});

describe('TaskWindow', () => {
  it('keeps fewer than its limit running when add returns', async () => {
    const window = new TaskWindow(3);
    let running = 0;
    let most = 0;
    for (const i of range(20)) {
      await window.add(async () => {
        most = Math.max(most, ++running);
        await sleep(i % 4);
        running--;
      });
      expect(running).toBeLessThan(3);
    }
    await window.drain();
    expect([running, most]).toEqual([0, 3]);
  });

  it('fails with the first failure, once', async () => {
    const window = new TaskWindow(2);
    await window.add(() => Promise.reject(new Error('first'))).catch(() => undefined);
    await expect(window.drain()).rejects.toThrow('first');
    await expect(window.settle()).resolves.toBeUndefined();
  });
});
