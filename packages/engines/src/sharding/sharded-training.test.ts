import { isDeepStrictEqual } from 'node:util';
import type { Worker } from 'node:worker_threads';

import {
  createRandom,
  float32,
  memoryBatches,
  prepareTfGradients,
  trainNetwork,
  withLayer,
  type Engine,
  type NamedTensors,
  type NdArrays,
  type OptimizerModel,
  type Program,
  type TrainingTask,
} from '@kindred/core';
import { createEagerEngine, createTestContext } from '@kindred/core/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';

import { momentum } from '../../test/momentum.js';
import { expectClose, numbers } from '../../test/support.js';
import { createOnnxEngine, type OnnxEngineOptions } from '../engine.js';
import { Replicas } from '../runtime/replicas.js';

import { ShardedRunner } from './sharded-runner.js';
import type { DividedProgram } from './stages.js';

const engines: Engine[] = [];
const started: Worker[] = [];
const remember = (worker: Worker) => void started.push(worker);
process.on('worker', remember);

function engineWith(options: OnnxEngineOptions): Engine {
  const engine = createOnnxEngine(options);
  engines.push(engine);
  return engine;
}

beforeAll(prepareTfGradients);
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.dispose();
  started.splice(0);
});

const pick = <T extends tf.Tensor = tf.Tensor2D>(tensors: NamedTensors, name: string) => tensors[name] as T;

/** Two dense layers, a running mean of the hidden activations, dropout before the last layer. */
const task = (dropout: number, splittable = true): TrainingTask => ({
  name: 'mlp',
  splittable,
  initial: {
    w1: { value: numbers([6, 5], 1, -0.5, 0.5) },
    w2: { value: numbers([5, 1], 2, -0.5, 0.5) },
    average: { value: float32([5]), trainable: false },
  },
  objective({ x, y }, weights, mode) {
    const hidden = tf.tanh(tf.matMul(x as tf.Tensor2D, pick(weights, 'w1')));
    mode.update('average', tf.add(tf.mul(pick(weights, 'average'), 0.9), tf.mul(tf.mean(hidden, 0), 0.1)));
    const output = tf.matMul(mode.dropout(hidden, dropout), pick(weights, 'w2'));
    // With a penalty, which every shard counts in full.
    const penalty = tf.mul(tf.sum(tf.square(pick(weights, 'w1'))), 0.01);
    return tf.add(tf.mean(tf.square(tf.sub(output, y as tf.Tensor))), penalty);
  },
});

const data = {
  x: numbers([23, 6], 3),
  y: { dtype: 'uint8', shape: [23, 1], data: new Uint8Array(23).fill(1, 7) },
} as const;

/** Three epochs of batches of 10, 10 and 3 rows. */
async function train(engine: Engine, { dropout = 0, seed = 1, splittable = true, batchSize = 10 } = {}) {
  const { weights, history } = await trainNetwork(
    task(dropout, splittable),
    memoryBatches(data, { batchSize, random: createRandom(4) }),
    { epochs: 3, optimizer: momentum(0.1) },
    createTestContext({ engine, random: createRandom(seed) }),
  );
  return { weights, losses: history.map(({ loss }) => loss), norms: history.map(({ gradientNorm }) => gradientNorm) };
}

describe('training on shards', () => {
  it.each([2, 3])(
    'of which there are %i follows training on whole batches, uneven last batches included',
    async (shards) => {
      const eager = await train(createEagerEngine());
      const divided = await train(engineWith({ workers: shards, shards }));
      expect(started).toHaveLength(shards);
      for (const [name, expected] of Object.entries(eager.weights)) {
        // Nine steps; means of parts are rounded in another order than the mean of the whole, 6e-8 each.
        expectClose(divided.weights[name] as typeof expected, expected, 5e-6, name);
      }
      divided.losses.forEach((loss, i) => expect(loss).toBeCloseTo(eager.losses[i] as number, 5));
      divided.norms.forEach((norm, i) => expect(norm).toBeCloseTo(eager.norms[i] as number, 5));
    },
  );

  it('takes batches with fewer rows than shards', async () => {
    const eager = await train(createEagerEngine(), { batchSize: 22 });
    const divided = await train(engineWith({ workers: 2, shards: 2 }), { batchSize: 22 });
    expectClose(divided.weights['w1'] as (typeof eager.weights)['w1'], eager.weights['w1'] as never, 5e-6);
  });

  it('draws the same masks for the same seed, and others for another', async () => {
    const once = await train(engineWith({ workers: 2, shards: 2 }), { dropout: 0.5 });
    expect(await train(engineWith({ workers: 2, shards: 2 }), { dropout: 0.5 })).toEqual(once);
    expect(await train(engineWith({ workers: 2, shards: 2 }), { dropout: 0.5, seed: 2 })).not.toEqual(once);
  });

  it('keeps a batch whole whose loss is no mean of its rows', async () => {
    const engine = engineWith({ workers: 2, shards: 2 });
    await train(engine, { splittable: false });
    expect(engine.describe()['shards']).toBe('2, mlp: training step 1');
    expect(started).toHaveLength(1);
  });

  it('is chosen by the work of a step, and told', async () => {
    const engine = engineWith({ workers: 2 });
    expect(engine.describe()['shards']).toBe('auto');
    await train(engine);
    expect(engine.describe()['shards']).toBe('auto, mlp: training step 1');
  });
});

describe('a loss that is not finite', () => {
  it('names the layer on shards too, and keeps the epochs before', async () => {
    const exploding: OptimizerModel = {
      learningRate: 0.1,
      slots: [],
      update: ({ weight, gradient, step, learningRate }) => {
        const factor = tf.where(tf.less(step, 6), tf.scalar(1), tf.scalar(1e30));
        return { weight: tf.sub(weight, tf.mul(tf.mul(gradient, learningRate), factor)), slots: {} };
      },
    };
    const named: TrainingTask = {
      ...task(0),
      objective: (...given) => withLayer('squares', () => tf.square(task(0).objective(...given))),
    };
    const ctx = createTestContext({ engine: engineWith({ workers: 2, shards: 2 }) });
    const run = trainNetwork(named, memoryBatches(data, { batchSize: 10 }), { epochs: 4, optimizer: exploding }, ctx);
    await expect(run).rejects.toMatchObject({
      code: 'KINDRED_TRAIN_NAN',
      message:
        "The loss of 'mlp' must stay a finite number. Got Infinity in epoch 3, step 1, first in the output of the layer 'squares'.",
      kept: { epoch: 1 },
    });
  });
});

/** Adds up means of rows, counts its runs, and tells the mean of the shards' numbers. */
const counter: DividedProgram = {
  name: 'counter',
  variables: { sum: float32([2], [1, 2]), calls: float32([]) },
  run: () => {
    throw new Error('this program is run in two stages');
  },
  sharded: {
    splits: (name) => name === 'x',
    partial: ({ inputs: { x, scale } }, shard) => ({
      mean: tf.mul(tf.mean(x as tf.Tensor, 0), scale as tf.Tensor),
      shard: tf.cast(shard, 'float32'),
    }),
    finish({ variables: { sum, calls } }, { mean, shard }) {
      sum?.assign(tf.add(sum, mean as tf.Tensor));
      calls?.assign(tf.add(calls, tf.scalar(1)));
      return { shard: shard as tf.Tensor };
    },
  },
};

const inputs = (rows: number): NdArrays => ({ x: numbers([rows, 2], rows), scale: float32([], [2]) });

describe('replicas', () => {
  it('hold the same variables, bit for bit', async () => {
    const replicas = new Replicas(
      counter.variables ?? {},
      { count: 3, threads: 1, optimize: undefined },
      () => undefined,
    );
    const runner = new ShardedRunner(counter, replicas);
    for (const rows of [9, 7, 2, 1]) await runner.run(inputs(rows));
    const [first, ...others] = await Promise.all([0, 1, 2].map((i) => replicas.read(i)));
    expect(first?.['calls']?.data[0]).toBe(4);
    for (const other of others) expect(isDeepStrictEqual(other, first)).toBe(true);
    await replicas.close();
  });

  it('weight means by the rows of each shard', async () => {
    const executable = await engineWith({ workers: 2, shards: 2 }).compile(counter);
    // Two rows in shard 0, one in shard 1.
    expect((await executable.run(inputs(3)))['shard']?.data[0]).toBeCloseTo(1 / 3, 6);
    expect((await executable.run(inputs(4)))['shard']?.data[0]).toBe(0.5);
    const mean = (rows: number, column: number) => {
      const values = Array.from(inputs(rows)['x']?.data ?? []).filter((_, i) => i % 2 === column);
      return (2 * values.reduce((a, b) => a + b, 0)) / rows;
    };
    const { sum } = await executable.readVariables();
    expect(sum?.data[0]).toBeCloseTo(1 + mean(3, 0) + mean(4, 0), 5);
    expect(sum?.data[1]).toBeCloseTo(2 + mean(3, 1) + mean(4, 1), 5);
  });

  it('are all written, and read before and after the first run', async () => {
    const executable = await engineWith({ workers: 2, shards: 2 }).compile(counter);
    expect(await executable.readVariables()).toMatchObject({ sum: float32([2], [1, 2]) });
    await executable.writeVariables({ sum: float32([2], [0, 0]) });
    await executable.run({ x: float32([2, 2], [1, 2, 3, 4]), scale: float32([], [1]) });
    await executable.writeVariables({ calls: float32([], [40]) });
    await executable.run({ x: float32([2, 2], [1, 2, 3, 4]), scale: float32([], [1]) });
    expect(await executable.readVariables()).toEqual({ sum: float32([2], [4, 6]), calls: float32([], [41]) });
  });

  it('end together when one dies, with their variables, and start anew from given ones', async () => {
    const executable = await engineWith({ workers: 2, shards: 2 }).compile(counter);
    await executable.run(inputs(4));
    const exits = started.map((worker) => new Promise((resolve) => worker.on('exit', resolve)));
    // What cannot be read as a message is an uncaught exception in the worker.
    started[1]?.postMessage(null);
    await Promise.all(exits);
    await expect(executable.run(inputs(4))).rejects.toMatchObject({ code: 'KINDRED_ENGINE_WORKER' });
    await expect(executable.readVariables()).rejects.toMatchObject({ code: 'KINDRED_ENGINE_WORKER' });
    await executable.writeVariables({ sum: float32([2], [5, 5]), calls: float32([], [7]) });
    await executable.run(inputs(4));
    expect((await executable.readVariables())['calls']?.data[0]).toBe(8);
  });

  it('reject a run in which one dies, and hang in none', async () => {
    const executable = await engineWith({ workers: 2, shards: 2 }).compile(slow);
    const run = executable.run(large);
    const waiting = executable.run(large);
    await new Promise((resolve) => setTimeout(resolve, 50));
    started[0]?.postMessage(null);
    await expect(Promise.all([run, waiting])).rejects.toMatchObject({ code: 'KINDRED_ENGINE_WORKER' });
    await expect(waiting).rejects.toMatchObject({ code: 'KINDRED_ENGINE_WORKER' });
  });

  it('reject at once when a run is aborted, and go on after it', async () => {
    const executable = await engineWith({ workers: 2, shards: 2 }).compile(slow);
    await executable.run(large);
    const controller = new AbortController();
    const run = executable.run(large, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('enough')), 1);
    await expect(run).rejects.toThrow('enough');
    expect((await executable.readVariables())['runs']?.data[0]).toBe(2);
  });
});

/** Some hundredths of a second of products of matrices. */
const slow: Program = {
  ...counter,
  name: 'slow',
  variables: { runs: float32([]) },
  sharded: {
    splits: (name) => name === 'x',
    partial({ inputs: { x } }) {
      let y = x as tf.Tensor3D;
      for (let i = 0; i < 4; i++) y = tf.tanh(tf.matMul(y, y));
      return { mean: tf.mean(y) };
    },
    finish({ variables: { runs } }, { mean }) {
      runs?.assign(tf.add(runs, tf.scalar(1)));
      return { mean: mean as tf.Tensor };
    },
  },
};
const large = { x: numbers([2, 256, 256], 1, -0.1, 0.1) };

describe('a first stage', () => {
  it.each<[string, NonNullable<Program['sharded']>['partial'], string]>([
    [
      'that gives other than float32',
      () => ({ n: tf.scalar(1, 'int32').add(tf.scalar(1, 'int32')) }),
      'Got the int32 output',
    ],
    [
      'that assigns a variable',
      ({ inputs: { x }, variables: { sum } }) => {
        sum?.assign(tf.mean(x as tf.Tensor, 0));
        return { mean: tf.mean(x as tf.Tensor, 0) };
      },
      'Got an assignment to the variable sum',
    ],
    [
      'that throws',
      () => {
        throw new Error('no');
      },
      'The program counter (shard) must run',
    ],
  ])('%s is refused', async (_, partial, message) => {
    const executable = await engineWith({ workers: 2, shards: 2 }).compile({
      ...counter,
      sharded: { ...counter.sharded, partial },
    });
    await expect(executable.run(inputs(4))).rejects.toMatchObject({
      code: 'KINDRED_ENGINE_COMPILE',
      message: expect.stringContaining(message) as string,
    });
  });
});
