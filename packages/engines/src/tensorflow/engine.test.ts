import * as tf from '@tensorflow/tfjs-core';
import { createRandom, float32, int32, prepareTfGradients, uint8, type Engine, type Program } from '@kindred/core';
import { createTestContext, engineChecks } from '@kindred/core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { cacheDir, notInstalled } from '../../test/installed-tensorflow.js';

import { tensorflow } from './component.js';
import { createTensorflowEngine } from './engine.js';

const component: typeof tensorflow = {
  ...tensorflow,
  create: (options, context) => tensorflow.create(options, { ...context, cacheDir }),
};

describe('the engine tensorflow, not installed', () => {
  it('says what is missing and how to get it', async () => {
    const absent = createTensorflowEngine({ cacheDir: '/nowhere', baseDir: '/nowhere' });
    await expect(absent).rejects.toMatchObject({
      code: 'KINDRED_ENGINE_UNAVAILABLE',
      hint: expect.stringContaining('kindred engines install tensorflow') as string,
    });
  });
});

describe.skipIf(notInstalled)('the engine tensorflow', () => {
  let engine: Engine;
  beforeAll(async () => {
    await prepareTfGradients();
    engine = await createTensorflowEngine({ cacheDir });
  });
  afterAll(() => engine.dispose());

  it.each(engineChecks.map((check) => [check.name, check] as const))('%s', (_, check) => check.run(component));

  it('says which libtensorflow it runs on, and on what device', () => {
    expect(engine.describe()).toMatchObject({
      tensorflow: expect.stringMatching(/^2\.\d+\.\d+/) as string,
      tfjs: tf.version_core,
      device: expect.stringMatching(/^(cpu|gpu)$/) as string,
    });
  });

  it('computes on libtensorflow, and leaves the backend of everyone else as it was', async () => {
    let inside = '';
    const before = tf.getBackend();
    const executable = await engine.compile({
      name: 'backend',
      run: ({ inputs }) => {
        inside = tf.getBackend();
        return { y: tf.neg(inputs['x'] as tf.Tensor) };
      },
    });
    await executable.run({ x: float32([1], [1]) });
    expect([before, inside, tf.getBackend()]).toEqual(['cpu', 'tensorflow', 'cpu']);
    expect(tf.add(1, 2).dataSync()).toEqual(Float32Array.of(3));
  });

  it('shows uint8 images as int32', async () => {
    const executable = await engine.compile({
      name: 'pixels',
      run: ({ inputs }) => ({ same: inputs['x'] as tf.Tensor, sum: tf.sum(inputs['x'] as tf.Tensor) }),
    });
    const x = uint8([2, 2], [250, 251, 252, 255]);
    const { same, sum } = await executable.run({ x });
    expect([same?.dtype, sum?.dtype]).toEqual(['int32', 'int32']);
    expect([...(same?.data ?? []), ...(sum?.data ?? [])]).toEqual([250, 251, 252, 255, 1008]);
  });

  it('takes the inputs as they are when it is called, also if the caller reuses the buffer at once', async () => {
    const executable = await engine.compile({
      name: 'reused',
      run: ({ inputs }) => ({ y: tf.add(inputs['x'] as tf.Tensor, 1) }),
    });
    const x = float32([2], [1, 2]);
    const run = executable.run({ x });
    x.data.fill(9);
    expect((await run)['y']?.data).toEqual(Float32Array.of(2, 3));
  });

  it('lets timers run between two runs', async () => {
    const executable = await engine.compile(product(64));
    let served = 0;
    const timer = setInterval(() => served++, 0);
    const x = float32([64, 64]);
    await Promise.all(Array.from({ length: 40 }, () => executable.run({ x })));
    clearInterval(timer);
    expect(served).toBeGreaterThan(0);
  });

  it('frees all that a run made, also where it failed', async () => {
    let fail = false;
    const executable = await engine.compile({
      name: 'leak',
      variables: { w: float32([8, 8]) },
      run({ inputs, variables }) {
        const w = variables['w'] as tf.Variable;
        const y = tf.matMul(inputs['x'] as tf.Tensor2D, w);
        if (fail) throw new Error('on purpose');
        w.assign(tf.add(w, 1));
        return { y };
      },
    });
    const x = float32([8, 8]);
    await executable.run({ x });
    const before = tf.memory().numTensors;
    for (let i = 0; i < 20; i++) await executable.run({ x });
    fail = true;
    await expect(executable.run({ x })).rejects.toMatchObject({ code: 'KINDRED_ENGINE_RUN' });
    expect(tf.memory().numTensors).toBe(before);
    await executable.dispose();
    expect(tf.memory().numTensors).toBe(before - 1);
  });

  it('refuses a variable of another shape', async () => {
    const executable = await engine.compile({ name: 'w', variables: { w: float32([2]) }, run: () => ({}) });
    await expect(executable.writeVariables({ w: float32([3]) })).rejects.toMatchObject({
      code: 'KINDRED_ENGINE_INPUT',
    });
  });

  it("computes kernels that tfjs-node lacks on tfjs' plain JavaScript backend", async () => {
    const values = Array.from({ length: 6 }, createRandom(1).normal);
    const program: Program = {
      name: 'host kernels',
      run: ({ inputs }) => ({
        random: tf
          .engine()
          .runKernel('KindredRandomUniform', { seed: inputs['seed'] as tf.Tensor }, { shape: [4], stream: 3 }),
        local: tf.localResponseNormalization(tf.reshape<tf.Rank.R4>(inputs['x'] as tf.Tensor, [1, 1, 2, 3])),
      }),
    };
    const executable = await engine.compile(program);
    const inputs = { x: float32([6], values), seed: int32([], [7]) };
    const seen = await executable.run(inputs);
    const expected = await (await createTestContext().engine.compile(program)).run(inputs);
    expect(seen['random']).toEqual(expected['random']);
    expect(seen['local']?.shape).toEqual([1, 1, 2, 3]);
  });
});

function product(size: number): Program {
  return {
    name: 'product',
    constants: { w: float32([size, size]) },
    run: ({ inputs, constants }) => ({ y: tf.matMul(inputs['x'] as tf.Tensor2D, constants['w'] as tf.Tensor2D) }),
  };
}
