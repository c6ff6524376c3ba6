import { readFileSync } from 'node:fs';
import { runInThisContext } from 'node:vm';

import * as tf from '@tensorflow/tfjs';
import { prepareTfGradients } from '@kindred/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { numbers } from '../../test/support.js';
import { createOnnxEngine } from '../engine.js';
import * as engines from '../index.js';

import { compile } from './compile.js';
import type { TensorArgument, TensorSpec } from './inputs.js';

const engine = createOnnxEngine({ workers: 1 });
beforeAll(prepareTfGradients);
afterAll(() => engine.dispose());

const tensor = (shape: number[], seed = 1) => tf.tensor(numbers(shape, seed).data, shape);
const values = (y: tf.Tensor) => [...y.dataSync()];

/** A network with everything that keeps state in training; the same seed gives the same weights. */
function network(seed: number): tf.LayersModel {
  const kernelInitializer = () => tf.initializers.glorotNormal({ seed });
  return tf.sequential({
    layers: [
      // No bias before a normalization, which takes it away: its gradient is rounding alone, and Adam makes steps of that.
      tf.layers.conv2d({
        ...{ inputShape: [8, 8, 2], filters: 4, kernelSize: 3, useBias: false },
        kernelInitializer: kernelInitializer(),
      }),
      tf.layers.batchNormalization({ momentum: 0.9 }),
      tf.layers.activation({ activation: 'relu' }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3, kernelInitializer: kernelInitializer() }),
    ],
  });
}

const images = tensor([6, 8, 8, 2], 3);
const labels = tf.oneHot(tf.tensor1d([0, 1, 2, 0, 1, 2], 'int32'), 3).toFloat();
const specs: TensorSpec[] = [{ shape: [6, 8, 8, 2] }, { shape: [6, 3] }];
const batch = (i: number) => tf.mul(images, 1 + 0.1 * i);

const stepOf = (model: tf.LayersModel, optimizer: tf.Optimizer) => (x: tf.Tensor, y: tf.Tensor) =>
  optimizer.minimize(
    () => tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true }) as tf.Tensor),
    true,
    model.trainableWeights.map((weight) => weight.read() as tf.Variable),
  ) as tf.Scalar;

function expectClose(actual: tf.Tensor, expected: tf.Tensor, tolerance: number): void {
  expect(actual.shape).toEqual(expected.shape);
  const scale = Math.max(...values(tf.abs(expected)), 1e-3);
  expect(Math.max(...values(tf.abs(tf.sub(actual, expected))))).toBeLessThan(tolerance * scale);
}

const OPTIMIZERS: [string, () => tf.Optimizer][] = [
  ['sgd', () => tf.train.sgd(0.05)],
  ['momentum', () => tf.train.momentum(0.02, 0.9)],
  ['adam', () => tf.train.adam(0.01)],
  ['adamax', () => tf.train.adamax(0.01)],
  ['adagrad', () => tf.train.adagrad(0.05)],
  ['adadelta', () => tf.train.adadelta(0.5)],
  ['rmsprop', () => tf.train.rmsprop(0.005)],
];

describe('a compiled training step', () => {
  it.each(OPTIMIZERS)('of %s follows the eager one: losses, weights and moving averages', async (_, make) => {
    const [model, twin] = [network(7), network(7)];
    const eager = stepOf(twin, make());
    const step = await compile(stepOf(model, make()), specs, { engine });
    for (let i = 0; i < 8; i++) {
      // Rounding differences of 1e-7 grow along the path, most where a step divides by the root of a small average.
      expectClose(await step(batch(i), labels), eager(batch(i), labels), 2e-4);
    }
    const before = model.getWeights().map(values);
    await step.sync();
    model.getWeights().forEach((weight, i) => expectClose(weight, twin.getWeights()[i] as tf.Tensor, 2e-3));
    expect(model.getWeights().map(values)).not.toEqual(before);
    await step.dispose();
  });

  it('goes on where the variables stand, and compiles again after sync', async () => {
    const w = tf.variable(tf.scalar(1));
    const double = (x: tf.Tensor) => {
      w.assign(tf.mul(w, x));
      return w.clone();
    };
    const first = await compile(double, [{ shape: [] }], { engine });
    expect(values(w)).toEqual([1]);
    await Promise.all([first(2), first(2), first(2)]);
    await first.sync();
    expect(values(w)).toEqual([8]);
    const second = await compile(double, [{ shape: [] }], { engine });
    expect(values(await second(0.5))).toEqual([4]);
    w.assign(tf.scalar(100));
    expect(values(w)).toEqual([100]);
    await Promise.all([first.dispose(), second.dispose()]);
  });
});

describe('a compiled function', () => {
  it('gives what the function gives, in its form, from tensors and arrays', async () => {
    const model = network(3);
    const predict = await compile((x) => model.predict(x) as tf.Tensor, specs.slice(0, 1), { engine });
    expectClose(await predict(images), model.predict(images) as tf.Tensor, 1e-5);
    expectClose(await predict(images.dataSync<'float32'>()), model.predict(images) as tf.Tensor, 1e-5);
    const several = await compile((x, y) => [tf.add(x, y), tf.sub(x, y)], [{ shape: [2] }, { shape: [] }], { engine });
    expect((await several([1, 2], 1)).map(values)).toEqual([
      [2, 3],
      [0, 1],
    ]);
    const byName = await compile((x) => ({ twice: tf.add(x, x) }), [{ shape: [1], dtype: 'uint8' }], { engine });
    expect(values((await byName(Uint8Array.of(200))).twice)).toEqual([400]);
  });

  it('leaves no tensors behind', async () => {
    const step = await compile(stepOf(network(1), tf.train.adam(0.01)), specs, { engine });
    const { numTensors } = tf.memory();
    (await step(images, labels)).dispose();
    expect(tf.memory().numTensors).toBe(numTensors);
    await step.dispose();
    await expect(step(images, labels)).rejects.toMatchObject({ code: 'KINDRED_ENGINE_RUN' });
  });

  const wrong: [string, TensorArgument[], string][] = [
    ['too few arguments', [], 'add must be given 1 arguments. Got 0.'],
    ['another shape', [tf.zeros([3])], 'Argument 0 of add must be float32[2]. Got float32[3].'],
    ['another type', [tf.zeros([2], 'int32')], 'Argument 0 of add must be float32[2]. Got int32[2].'],
    ['another length', [[1, 2, 3]], 'Argument 0 of add must be float32[2]. Got Array of 3.'],
    ['another array', [Int32Array.of(1, 2)], 'Argument 0 of add must be float32[2]. Got Int32Array of 2.'],
  ];
  it.each(wrong)('refuses %s', async (_, args, message) => {
    const add = await compile((x) => tf.add(x, 1), [{ shape: [2] }], { engine, name: 'add' });
    await expect(add(...args)).rejects.toMatchObject({ code: 'KINDRED_ENGINE_INPUT', message });
    await add.dispose();
  });
});

describe('compile refuses at once', () => {
  const refused: [string, (x: tf.Tensor) => unknown, TensorSpec, string][] = [
    // tfjs' layers write an open batch size as null, so users will pass one.
    ['a spec without a batch size', (x) => x, { shape: [null as unknown as number] }, 'KINDRED_ENGINE_INPUT'],
    ['shapes that do not fit', (x) => tf.matMul(x, x), { shape: [2, 3] }, 'KINDRED_ENGINE_COMPILE'],
    ['a read value', (x) => tf.scalar(Number(x.dataSync()[0])), { shape: [2] }, 'KINDRED_ENGINE_DATA_DEPENDENT'],
    ['a kernel without lowering', (x) => tf.unique<tf.Tensor>(x).values, { shape: [2] }, 'KINDRED_ENGINE_KERNEL'],
    ['dropout', (x) => tf.dropout(x, 0.5), { shape: [2] }, 'KINDRED_ENGINE_RANDOM'],
    ['a promise', (x) => Promise.resolve(x), { shape: [2] }, 'KINDRED_ENGINE_COMPILE'],
    ['a number', () => 3, { shape: [2] }, 'KINDRED_ENGINE_COMPILE'],
    ['a variable made of arguments', (x) => tf.variable(tf.exp(x)), { shape: [2] }, 'KINDRED_ENGINE_DATA_DEPENDENT'],
  ];
  it.each(refused)('%s, and leaves tfjs as it was', async (_, fn, spec, code) => {
    const before = [tf.memory().numTensors, Object.keys(tf.engine().registeredVariables).length];
    await expect(compile(fn as (x: tf.Tensor) => tf.Tensor, [spec], { engine })).rejects.toMatchObject({ code });
    expect([tf.memory().numTensors, Object.keys(tf.engine().registeredVariables).length]).toEqual(before);
  });
});

describe('the README', () => {
  it('has an example that runs as it is written', async () => {
    const [, code = ''] =
      /```js\n([^]*?)```/.exec(readFileSync(new URL('../../README.md', import.meta.url), 'utf8')) ?? [];
    const modules: Record<string, object> = { '@tensorflow/tfjs': tf, '@kindred/engines': engines };
    const body = code.replaceAll(/^import (?:\* as )?(.+) from '(.+)';$/gm, "const $1 = modules['$2'];");
    const losses: number[] = [];
    const run = runInThisContext(`(async (modules, console) => {${body}})`) as (...given: object[]) => Promise<void>;
    await run(modules, { log: (loss: ArrayLike<number>) => losses.push(loss[0] ?? NaN) });
    expect(losses).toHaveLength(10);
    expect(losses.every((loss) => loss > 0 && loss < 10)).toBe(true);
  });
});
