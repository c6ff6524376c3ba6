import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { defineEngine } from '../plugin/define.js';
import type { Engine, Executable } from '../plugin/engine-contract.js';
import { float32, type NdArrays } from '../tensor/nd-array.js';

import { runChecks } from './check.js';
import { engineChecks } from './checks-engine.js';
import { createEagerEngine } from './eager-engine.js';

/** The eager engine with executables that are changed on the way. */
const component = (change: (executable: Executable) => Partial<Executable> = () => ({}), own: Partial<Engine> = {}) =>
  defineEngine({
    name: 'eager',
    version: 1,
    summary: 'A test engine.',
    options: z.strictObject({}),
    create() {
      const engine = createEagerEngine();
      const compile: Engine['compile'] = async (program) => {
        const executable = await engine.compile(program);
        return { ...executable, ...change(executable) };
      };
      return Promise.resolve({ ...engine, compile, ...own });
    },
  });
const failing = async (engine: ReturnType<typeof component>) =>
  (await runChecks(engineChecks, engine)).filter(({ error }) => error !== undefined).map(({ name }) => name);

describe('engineChecks', () => {
  it('pass for the eager engine', async () => {
    expect(await failing(component())).toEqual([]);
  });

  const zeros = (): Promise<NdArrays> => Promise.resolve({ y: float32([1, 2]), sum: float32([2]) });
  it.each<[string, ReturnType<typeof component>, string]>([
    [
      'wrong numbers',
      component(() => ({ run: zeros })),
      'computes a product of matrices right, for inputs of several shapes',
    ],
    [
      'variables that are not written',
      component(() => ({ writeVariables: () => Promise.resolve() })),
      'keeps variables between runs, in the order of the calls, and gives and takes their values',
    ],
    [
      'a signal that is ignored',
      component((e) => ({ run: (inputs) => e.run(inputs) })),
      'rejects with the reason of an abort',
    ],
    [
      'errors without a name',
      component((e) => ({ run: (inputs) => e.run(inputs).catch(() => Promise.reject(new Error('no'))) })),
      'refuses a missing input with a named error, and goes on after it',
    ],
    [
      'dispose that does nothing',
      component(() => ({ dispose: () => Promise.resolve() })),
      'refuses to run what was disposed of',
    ],
    ['no concurrency', component(undefined, { concurrency: 0 }), 'says what it is and how many runs it makes at once'],
  ])('find %s', async (_, engine, check) => {
    expect(await failing(engine)).toContain(check);
  });
});
