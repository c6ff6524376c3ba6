import { getEventListeners } from 'node:events';

import { describe, expect, it } from 'vitest';

import { untilAborted } from './until-aborted.js';

const never = new Promise<number>(() => undefined);

describe('untilAborted', () => {
  it('gives what the work gives, and leaves no listener behind', async () => {
    const { signal } = new AbortController();
    expect(await untilAborted(Promise.resolve(1), signal)).toBe(1);
    await expect(untilAborted(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(await untilAborted(Promise.resolve(2), undefined)).toBe(2);
  });

  it('does not wait for work that goes on', async () => {
    const controller = new AbortController();
    const waiting = untilAborted(never, controller.signal);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'KINDRED_ABORTED' });
    await expect(untilAborted(never, controller.signal)).rejects.toMatchObject({ code: 'KINDRED_ABORTED' });
  });

  it('swallows a failure that comes after the abort', async () => {
    const controller = new AbortController();
    let fail: (error: Error) => void = () => undefined;
    const waiting = untilAborted(new Promise((_, reject) => (fail = reject)), controller.signal);
    controller.abort();
    fail(new Error('late'));
    await expect(waiting).rejects.toMatchObject({ code: 'KINDRED_ABORTED' });
  });
});
