import { isDeepStrictEqual } from 'node:util';

import * as tf from '@tensorflow/tfjs-core';

import { isKindredError } from '../errors/kindred-error.js';
import type { EngineComponent } from '../plugin/contract.js';
import type { Engine, Program } from '../plugin/engine-contract.js';
import { float32, type NdArrays } from '../tensor/nd-array.js';
import { prepareTfGradients } from '../tensor/tf-runtime.js';

import { type Check, expectThat } from './check.js';
import { createTestContext } from './test-context.js';

/** `y = x w`, small whole numbers, so that every engine must give them exactly. */
const product: Program = {
  name: 'product',
  constants: { w: float32([2, 2], [1, 2, 3, 4]) },
  run: ({ inputs, constants }) => ({ y: tf.matMul(inputs['x'] as tf.Tensor2D, constants['w'] as tf.Tensor2D) }),
};

/** Adds what it is given to what it keeps. */
const accumulator: Program = {
  name: 'accumulator',
  variables: { sum: float32([2], [10, 20]) },
  run({ inputs, variables }) {
    const { sum } = variables;
    if (!sum) throw new RangeError('the variable sum must be there');
    sum.assign(tf.add(sum, inputs['x'] as tf.Tensor));
    return { sum };
  },
};

/** What every engine must do, beside computing every op right: the numeric suite of `@kindred/engines` is for that. */
export const engineChecks: readonly Check<EngineComponent>[] = [
  check('computes a product of matrices right, for inputs of several shapes', async (engine) => {
    const executable = await engine.compile(product);
    await expectArrays(executable.run({ x: float32([1, 2], [1, 1]) }), { y: float32([1, 2], [4, 6]) });
    const x = float32([3, 2], [1, 0, 0, 1, 2, 2]);
    await expectArrays(executable.run({ x }), { y: float32([3, 2], [1, 2, 3, 4, 8, 12]) });
    await expectArrays(executable.run({ x: float32([1, 2], [0, 1]) }), { y: float32([1, 2], [3, 4]) });
  }),
  check('gives each of several runs at once its own result', async (engine) => {
    const executable = await engine.compile(product);
    const values = Array.from({ length: 8 }, (_, i) => i);
    const results = await Promise.all(values.map((value) => executable.run({ x: float32([1, 2], [value, 0]) })));
    for (const [i, result] of results.entries()) await expectArrays(result, { y: float32([1, 2], [i, 2 * i]) });
  }),
  check('keeps variables between runs, in the order of the calls, and gives and takes their values', async (engine) => {
    const executable = await engine.compile(accumulator);
    const runs = [1, 2, 3].map((value) => executable.run({ x: float32([2], [value, 0]) }));
    for (const [i, sum] of [11, 13, 16].entries()) await expectArrays(runs[i]!, { sum: float32([2], [sum, 20]) });
    await expectArrays(executable.readVariables(), { sum: float32([2], [16, 20]) });
    await executable.writeVariables({ sum: float32([2], [1, 1]) });
    await expectArrays(executable.run({ x: float32([2], [1, 2]) }), { sum: float32([2], [2, 3]) });
  }),
  check('leaves the inputs as they are', async (engine) => {
    const x = float32([1, 2], [1, 2]);
    await (await engine.compile(product)).run({ x });
    await expectArrays({ x }, { x: float32([1, 2], [1, 2]) });
  }),
  check('rejects with the reason of an abort', async (engine) => {
    const executable = await engine.compile(product);
    const reason = new Error('stop');
    const signal = AbortSignal.abort(reason);
    const outcome = await outcomeOf(executable.run({ x: float32([1, 2]) }, { signal }));
    expectThat(outcome === reason, {
      expected: "A run whose signal is aborted must reject with the signal's reason.",
      seen: String(outcome),
      fix: 'Call options.signal?.throwIfAborted() before the run, and listen to it while it lasts.',
    });
  }),
  check('refuses a missing input with a named error, and goes on after it', async (engine) => {
    const executable = await engine.compile(product);
    await expectNamedError(executable.run({}), 'A run without an input that the program takes');
    await expectArrays(executable.run({ x: float32([1, 2], [1, 1]) }), { y: float32([1, 2], [4, 6]) });
  }),
  check('refuses to run what was disposed of', async (engine) => {
    const executable = await engine.compile(product);
    await executable.run({ x: float32([1, 2]) });
    await executable.dispose();
    await executable.dispose();
    await expectNamedError(executable.run({ x: float32([1, 2]) }), 'A run after dispose()');
  }),
  check('says what it is and how many runs it makes at once', (engine, component) => {
    const { concurrency, name } = engine;
    expectThat(name === component.name && Number.isInteger(concurrency) && concurrency >= 1, {
      expected: `An engine must have its component's name, ${component.name}, and a concurrency of at least 1.`,
      seen: `${name}, ${concurrency}`,
      fix: 'State both in what create returns.',
    });
    return Promise.resolve();
  }),
];

function check(name: string, body: (engine: Engine, component: EngineComponent) => Promise<void>) {
  return {
    name,
    async run(component: EngineComponent, options: object = {}) {
      await prepareTfGradients();
      const engine = await component.create(component.options.parse(options), createTestContext());
      try {
        await body(engine, component);
      } finally {
        await engine.dispose();
      }
    },
  } satisfies Check<EngineComponent>;
}

async function expectArrays(given: Promise<NdArrays> | NdArrays, expected: NdArrays): Promise<void> {
  const seen = await given;
  const same = Object.entries(expected).every(([name, { shape, data }]) => {
    const array = seen[name];
    return isDeepStrictEqual([array?.shape, Array.from(array?.data ?? [])], [shape, Array.from(data)]);
  });
  expectThat(same, {
    expected: `A run must give ${text(expected)}.`,
    seen: text(seen),
    fix: 'Compare with the eager engine of @kindred/core/testing.',
  });
}

async function expectNamedError(run: Promise<unknown>, what: string): Promise<void> {
  const outcome = await outcomeOf(run);
  expectThat(isKindredError(outcome) && outcome.code.startsWith('KINDRED_ENGINE_'), {
    expected: `${what} must be rejected with KINDRED_ENGINE_*.`,
    seen: String(outcome),
    fix: 'Check inputs and state before the native runtime sees them.',
  });
}

async function outcomeOf(run: Promise<unknown>): Promise<unknown> {
  return run.then(
    () => 'a result',
    (error: unknown) => error,
  );
}

function text(arrays: NdArrays): string {
  return Object.entries(arrays)
    .map(([name, { shape, data }]) => `${name} [${shape.join(', ')}]: ${Array.from(data).join(', ')}`)
    .join('; ');
}
