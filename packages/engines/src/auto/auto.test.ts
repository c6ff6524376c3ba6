import * as tf from '@tensorflow/tfjs-core';
import { float32 } from '@kindred/core';
import { createTestContext, engineChecks } from '@kindred/core/testing';
import { describe, expect, it } from 'vitest';

import { chooseEngine, type Probe } from './choose-engine.js';
import { auto } from './component.js';
import { createAutoEngine } from './engine.js';

const nowhere = { cacheDir: '/nowhere', baseDir: '/nowhere' };
const found =
  (answer: Awaited<ReturnType<Probe>>): Probe =>
  () =>
    Promise.resolve(answer);

describe('the choice of the engine auto', () => {
  it.each<[string, Awaited<ReturnType<Probe>>, object]>([
    [
      'tensorflow, where it sees a GPU',
      { ok: true, tensorflow: '2.21.0', gpu: true },
      { engine: 'tensorflow', because: 'tensorflow 2.21.0 sees a GPU' },
    ],
    [
      'onnx, where tensorflow sees none',
      { ok: true, tensorflow: '2.21.0', gpu: false },
      { engine: 'onnx', because: 'tensorflow 2.21.0 sees no GPU' },
    ],
    [
      'onnx, where tensorflow does not load',
      { ok: false, reason: 'libtensorflow.so.2: cannot open shared object file' },
      { engine: 'onnx', because: 'tensorflow does not load' },
    ],
    ['onnx, where tensorflow is not installed', undefined, { engine: 'onnx', because: 'tensorflow is not installed' }],
  ])('is %s', async (_, answer, expected) => {
    expect(await chooseEngine(nowhere, found(answer))).toEqual(expected);
  });

  it('looks for an installation by itself', async () => {
    expect(await chooseEngine(nowhere)).toEqual({ engine: 'onnx', because: 'tensorflow is not installed' });
  });
});

describe('the engine auto', () => {
  it('says in the log and of itself what it took, and computes with it', async () => {
    const log: string[] = [];
    const engine = await createAutoEngine({ ...nowhere, log: { info: (_, message) => log.push(message) } });
    expect(log).toEqual(['the engine auto takes onnx: tensorflow is not installed']);
    expect(engine.name).toBe('auto');
    expect(engine.describe()).toMatchObject({ engine: 'onnx', because: 'tensorflow is not installed', device: 'cpu' });
    const executable = await engine.compile({
      name: 'sum',
      run: ({ inputs }) => ({ y: tf.sum(inputs['x'] as tf.Tensor) }),
    });
    expect((await executable.run({ x: float32([2], [1, 2]) }))['y']?.data).toEqual(Float32Array.of(3));
    await engine.dispose();
  });

  const component: typeof auto = {
    ...auto,
    create: (options, context) => auto.create(options, { ...context, ...nowhere }),
  };
  it.each(engineChecks.map((check) => [check.name, check] as const))('%s', (_, check) => check.run(component));

  it('fails where it took tensorflow and that does not load here', async () => {
    const gpu = found({ ok: true, tensorflow: '2.21.0', gpu: true });
    const engine = createAutoEngine({ ...nowhere, log: createTestContext().log }, gpu);
    await expect(engine).rejects.toMatchObject({ code: 'KINDRED_ENGINE_UNAVAILABLE' });
  });
});
