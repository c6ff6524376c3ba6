import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import type { Program } from '../plugin/engine-contract.js';
import { float32 } from '../tensor/nd-array.js';

import { createEagerEngine } from './eager-engine.js';

/** sum <- sum + scale * x */
const accumulator: Program = {
  name: 'accumulator',
  constants: { scale: float32([], [10]) },
  variables: { sum: float32([2]) },
  run({ inputs, constants, variables }) {
    const { x } = inputs;
    const { scale } = constants;
    const { sum } = variables;
    if (!x || !scale || !sum) throw new Error('x must be given');
    sum.assign(tf.add(sum, tf.mul(scale, x)));
    return { sum };
  },
};

describe('createEagerEngine', () => {
  it('runs programs in the order of the calls and keeps their variables', async () => {
    const executable = await createEagerEngine().compile(accumulator);
    const runs = [1, 2, 3].map((value) => executable.run({ x: float32([2], [value, 0]) }));
    expect((await Promise.all(runs)).map(({ sum }) => sum?.data[0])).toEqual([10, 30, 60]);
    expect(await executable.readVariables()).toEqual({ sum: float32([2], [60, 0]) });
    await executable.writeVariables({ sum: float32([2], [1, 1]) });
    expect(await executable.run({ x: float32([2], [0, 1]) })).toEqual({ sum: float32([2], [1, 11]) });
  });

  it('gives each executable variables of its own', async () => {
    const engine = createEagerEngine();
    const [a, b] = [await engine.compile(accumulator), await engine.compile(accumulator)];
    await a.run({ x: float32([2], [1, 1]) });
    expect(await b.readVariables()).toEqual({ sum: float32([2]) });
  });

  it('leaves no tensors behind', async () => {
    const engine = createEagerEngine();
    await (await engine.compile(accumulator)).dispose();
    const before = tf.memory().numTensors;
    const executable = await engine.compile(accumulator);
    await executable.run({ x: float32([2]) });
    await expect(executable.run({})).rejects.toThrow();
    await engine.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    ['a program that throws', {}, 'KINDRED_ENGINE_RUN', "The program 'accumulator' failed: x must be given."],
    ['shapes that do not fit', { x: float32([3]) }, 'KINDRED_ENGINE_RUN', "The program 'accumulator' failed"],
  ])('reports %s', async (_, inputs, code, message) => {
    const executable = await createEagerEngine().compile(accumulator);
    await expect(executable.run(inputs)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
  });

  it.each([
    ['an unknown variable', { total: float32([2]) }],
    ['another shape', { sum: float32([1, 2]) }],
  ])('refuses to write %s', async (_, values) => {
    const executable = await createEagerEngine().compile(accumulator);
    await expect(executable.writeVariables(values)).rejects.toMatchObject({ code: 'KINDRED_ENGINE_INPUT' });
  });

  it('rejects with the reason of the abort', async () => {
    const executable = await createEagerEngine().compile(accumulator);
    const signal = AbortSignal.abort(new Error('stop'));
    await expect(executable.run({ x: float32([2]) }, { signal })).rejects.toThrow('stop');
  });
});
