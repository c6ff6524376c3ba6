import type { Worker } from 'node:worker_threads';

import * as tf from '@tensorflow/tfjs-core';
import { float32, type NdArrays, type Program } from '@kindred/core';
import { afterEach, describe, expect, it } from 'vitest';

import { doubled, engineMaker, large, slow } from '../test/engines.js';
import { numbers } from '../test/support.js';

const started: Worker[] = [];
const remember = (worker: Worker) => void started.push(worker);
process.on('worker', remember);
// Hooks run in the opposite order: threads may still start until the engines are disposed.
afterEach(() => void started.splice(0));
const engineWith = engineMaker();

/** Adds each input to a sum that it keeps. */
const counter: Program = {
  name: 'counter',
  variables: { sum: float32([2], [1, 2]), untouched: float32([1], [7]) },
  run({ inputs, variables }) {
    const sum = variables.sum as tf.Variable;
    const before = tf.clone(sum);
    sum.assign(tf.add(sum, tf.sum(inputs.x as tf.Tensor, 0)));
    return { before, after: sum, seven: variables.untouched as tf.Tensor };
  },
};

const values = (arrays: NdArrays) =>
  Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [name, [...data]]));

describe('a program without variables', () => {
  it('gives what it computes, for any shapes', async () => {
    const executable = await engineWith().compile(doubled);
    expect(await executable.run({ x: float32([3], [1, 2, 3]) })).toEqual({ y: float32([3], [2, 4, 6]) });
    expect(await executable.run({ x: float32([1, 2], [4, 5]) })).toEqual({ y: float32([1, 2], [8, 10]) });
    expect(await executable.run({ x: float32([]) })).toEqual({ y: float32([]) });
  });

  it('leaves the inputs to the caller, also where they are views of a larger buffer', async () => {
    const executable = await engineWith().compile(doubled);
    const buffer = Float32Array.of(9, 1, 2, 9);
    const x = buffer.subarray(1, 3);
    expect(values(await executable.run({ x: float32([2], x) }))).toEqual({ y: [2, 4] });
    expect([...buffer]).toEqual([9, 1, 2, 9]);
  });

  it('gives several outputs of one value, inputs and constants as they are', async () => {
    const executable = await engineWith().compile({
      name: 'passing',
      constants: { c: { dtype: 'uint8', shape: [2], data: Uint8Array.of(3, 4) } },
      run: ({ inputs, constants }) => ({
        a: inputs.x as tf.Tensor,
        b: inputs.x as tf.Tensor,
        c: constants.c as tf.Tensor,
        d: tf.scalar(1, 'bool'),
      }),
    });
    expect(values(await executable.run({ x: float32([1], [5]) }))).toEqual({ a: [5], b: [5], c: [3, 4], d: [1] });
  });

  it('need not use all inputs', async () => {
    const executable = await engineWith().compile(doubled);
    expect(values(await executable.run({ x: float32([1], [5]), seed: float32([]) }))).toEqual({ y: [10] });
  });

  it('runs in as many workers as there are calls at once, and no more than allowed', async () => {
    const engine = engineWith({ workers: 2 });
    expect(engine.concurrency).toBe(2);
    const executable = await engine.compile(doubled);
    await executable.run({ x: float32([1], [0]) });
    expect(started).toHaveLength(1);
    const results = await Promise.all(Array.from({ length: 9 }, (_, i) => executable.run({ x: float32([1], [i]) })));
    expect(results.map(({ y }) => y?.data[0])).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16]);
    expect(started).toHaveLength(2);
  });

  it('runs for more sets of shapes than it keeps in memory, all at once and again', async () => {
    const executable = await engineWith({ workers: 2 }).compile(doubled);
    for (let round = 0; round < 2; round++) {
      const sizes = Array.from({ length: 9 }, (_, i) => i + 1);
      const results = await Promise.all(sizes.map((size) => executable.run({ x: numbers([size]) })));
      expect(results.map(({ y }) => y?.shape)).toEqual(sizes.map((size) => [size]));
    }
  });

  it('has no variables to write', async () => {
    const executable = await engineWith().compile(doubled);
    expect(await executable.readVariables()).toEqual({});
    await expect(executable.writeVariables({ w: float32([]) })).rejects.toMatchObject({ code: 'KINDRED_ENGINE_INPUT' });
  });
});

describe('a program with variables', () => {
  it('keeps them from run to run, over all input shapes', async () => {
    const executable = await engineWith().compile(counter);
    const x = float32([1, 2], [10, 20]);
    expect(values(await executable.run({ x }))).toEqual({ before: [1, 2], after: [11, 22], seven: [7] });
    expect(values(await executable.run({ x: float32([2, 2], [1, 1, 1, 1]) }))).toEqual({
      before: [11, 22],
      after: [13, 24],
      seven: [7],
    });
    expect(values(await executable.run({ x }))).toMatchObject({ before: [13, 24], after: [23, 44] });
    expect(values(await executable.readVariables())).toEqual({ sum: [23, 44], untouched: [7] });
  });

  it('keeps them over more sets of shapes than it keeps in memory', async () => {
    const executable = await engineWith().compile(counter);
    for (let size = 1; size <= 6; size++)
      await executable.run({ x: float32([size, 2], new Float32Array(size * 2).fill(1)) });
    expect(values(await executable.readVariables())).toMatchObject({ sum: [22, 23] });
  });

  it('lets them be read before the first run and written, all or some', async () => {
    const executable = await engineWith().compile(counter);
    expect(values(await executable.readVariables())).toEqual({ sum: [1, 2], untouched: [7] });
    await executable.writeVariables({ sum: float32([2], [100, 200]) });
    expect(values(await executable.run({ x: float32([1, 2]) }))).toEqual({
      before: [100, 200],
      after: [100, 200],
      seven: [7],
    });
    const wrong = executable.writeVariables({ sum: float32([3]) });
    await expect(wrong).rejects.toMatchObject({
      code: 'KINDRED_ENGINE_INPUT',
      message: expect.stringContaining('sum: float32[2]') as string,
    });
  });

  it('runs one after another in the order of the calls', async () => {
    const executable = await engineWith().compile(counter);
    const runs = Array.from({ length: 8 }, () => executable.run({ x: float32([1, 2], [1, 0]) }));
    const read = executable.readVariables();
    expect((await Promise.all(runs)).map(({ after }) => after?.data[0])).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    expect(values(await read)).toMatchObject({ sum: [9, 2] });
  });

  it('lets variables take each other’s values', async () => {
    const executable = await engineWith().compile({
      name: 'exchange',
      variables: { a: float32([1], [1]), b: float32([1], [2]) },
      run({ variables }) {
        const [a, b] = [variables.a as tf.Variable, variables.b as tf.Variable];
        const before = tf.clone(a);
        a.assign(tf.clone(b));
        b.assign(before);
        return {};
      },
    });
    await executable.run({});
    expect(values(await executable.readVariables())).toEqual({ a: [2], b: [1] });
    await executable.run({});
    expect(values(await executable.readVariables())).toEqual({ a: [1], b: [2] });
  });

  it('keeps int32, uint8 and bool variables in their types', async () => {
    const executable = await engineWith().compile({
      name: 'types',
      variables: {
        i: { dtype: 'int32', shape: [1], data: Int32Array.of(5) },
        u: { dtype: 'uint8', shape: [1], data: Uint8Array.of(250) },
        b: { dtype: 'bool', shape: [1], data: Uint8Array.of(1) },
      },
      run({ variables: { i, u, b } }) {
        i?.assign(tf.add(i, tf.scalar(1, 'int32')));
        u?.assign(tf.add(u, tf.scalar(1, 'int32')));
        b?.assign(tf.logicalNot(b));
        return {};
      },
    });
    await executable.run({});
    const read = await executable.readVariables();
    expect(values(read)).toEqual({ i: [6], u: [251], b: [0] });
    expect(Object.values(read).map(({ dtype }) => dtype)).toEqual(['int32', 'uint8', 'bool']);
  });
});

describe('abort', () => {
  it.each([
    ['without', slow],
    ['with', { ...slow, variables: { w: float32([1]) } }],
  ] as const)('rejects at once with the signal’s reason, for a program %s variables', async (_, program) => {
    const executable = await engineWith().compile(program);
    await executable.run(large);
    const controller = new AbortController();
    const run = executable.run(large, { signal: controller.signal });
    const waiting = executable.run(large, { signal: controller.signal });
    const after = executable.run(large);
    setTimeout(() => controller.abort(new Error('enough')), 1);
    await expect(run).rejects.toThrow('enough');
    await expect(waiting).rejects.toThrow('enough');
    expect(Object.keys(await after)).toEqual(['y']);
  });

  it('rejects before anything happens if the signal is aborted already', async () => {
    const executable = await engineWith().compile(doubled);
    const signal = AbortSignal.abort(new Error('never'));
    await expect(executable.run({ x: float32([]) }, { signal })).rejects.toThrow('never');
  });
});

/** Whatever cannot be read as a message is an uncaught exception in the worker. */
describe('a worker that dies', () => {
  it('takes variables with it: nothing runs on as if they had their first values', async () => {
    const executable = await engineWith().compile(counter);
    const x = float32([1, 2], [1, 1]);
    await executable.run({ x });
    const run = executable.run({ x });
    await executable.readVariables();
    const died = new Promise((resolve) => started[0]?.on('exit', resolve));
    started[0]?.postMessage(null);
    await Promise.all([run, died]);
    await expect(executable.run({ x })).rejects.toMatchObject({ code: 'KINDRED_ENGINE_WORKER' });
    await expect(executable.readVariables()).rejects.toMatchObject({ code: 'KINDRED_ENGINE_WORKER' });
    await executable.writeVariables({ sum: float32([2], [5, 5]), untouched: float32([1], [8]) });
    expect(values(await executable.run({ x }))).toEqual({ before: [5, 5], after: [6, 6], seven: [8] });
  });
});

describe('undo', () => {
  const x = float32([1, 2], [1, 1]);

  it('gives the variables their values before the last run, once', async () => {
    const executable = await engineWith().compile(counter);
    await executable.undo?.();
    expect(values(await executable.readVariables())).toMatchObject({ sum: [1, 2] });
    await executable.run({ x });
    await executable.run({ x });
    await executable.undo?.();
    await executable.undo?.();
    expect(values(await executable.readVariables())).toMatchObject({ sum: [2, 3], untouched: [7] });
    expect(values(await executable.run({ x }))).toMatchObject({ before: [2, 3], after: [3, 4] });
  });

  it('leaves alone what was written since', async () => {
    const executable = await engineWith().compile(counter);
    await executable.run({ x });
    await executable.writeVariables({ sum: float32([2], [50, 60]) });
    await executable.undo?.();
    expect(values(await executable.readVariables())).toMatchObject({ sum: [50, 60] });
  });
});

describe('recording', () => {
  it('keeps no tensors, whatever a program keeps', async () => {
    const executable = await engineWith().compile({
      name: 'keeper',
      variables: { w: float32([2], [1, 2]) },
      run({ inputs, variables }) {
        const w = variables.w as tf.Variable;
        const { value, grads } = tf.variableGrads(
          () => tf.sum(tf.square(tf.mul(w, tf.keep(tf.exp(inputs.x as tf.Tensor))))),
          [w],
        );
        w.assign(tf.sub(w, grads[w.name] as tf.Tensor));
        return { value };
      },
    });
    await executable.run({ x: float32([1]) });
    const before = tf.memory();
    for (let size = 1; size < 4; size++) await executable.run({ x: float32([size, 1]) });
    expect(tf.memory()).toMatchObject({
      numTensors: before.numTensors,
      numDataBuffers: before.numDataBuffers,
      numBytes: before.numBytes,
    });
    expect(Object.keys(tf.engine().registeredVariables)).toEqual([]);
  });
});

describe('dispose', () => {
  it('ends runs, executables and threads', async () => {
    const engine = engineWith();
    const executable = await engine.compile(slow);
    const stateful = await engine.compile(counter);
    await stateful.run({ x: float32([1, 2]) });
    const running = executable.run(large).catch((error: unknown) => error);
    const waiting = executable.run(large).catch((error: unknown) => error);
    const exits = started.map((worker) => new Promise((resolve) => worker.on('exit', resolve)));
    await engine.dispose();
    await Promise.all(exits);
    expect(await running).toMatchObject({ name: 'KindredError' });
    expect(await waiting).toMatchObject({ name: 'KindredError' });
    await expect(executable.run(large)).rejects.toMatchObject({ code: 'KINDRED_ENGINE_RUN' });
    await expect(stateful.run({ x: float32([1, 2]) })).rejects.toMatchObject({ code: 'KINDRED_ENGINE_RUN' });
    await expect(engine.compile(doubled)).rejects.toMatchObject({ code: 'KINDRED_ENGINE_RUN' });
    await engine.dispose();
  });
});
