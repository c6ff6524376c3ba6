import * as tf from '@tensorflow/tfjs-core';
import {
  createRandom,
  float32,
  memoryBatches,
  trainNetwork,
  type Engine,
  type NdArrays,
  type Program,
  type TrainingTask,
} from '@kindred/core';
import { createEagerEngine, createTestContext } from '@kindred/core/testing';
import { afterAll, describe, expect, it } from 'vitest';

import { momentum } from '../../test/momentum.js';
import { createOnnxEngine } from '../engine.js';
import { numbers } from '../testing/index.js';

const engine = createOnnxEngine({ workers: 2 });
const eager = createEagerEngine();
afterAll(() => Promise.all([engine.dispose(), eager.dispose()]));

/** What it keeps decays, and grows by what it is given. */
const decaying: Program = {
  name: 'decaying',
  variables: { sum: numbers([40, 50], 1) },
  run({ inputs, variables }) {
    const sum = variables['sum'] as tf.Variable;
    sum.assign(tf.add(tf.mul(sum, 0.5), inputs['x'] as tf.Tensor));
    return { total: tf.sum(sum) };
  },
};
const inputs = (count: number): NdArrays[] =>
  Array.from({ length: count }, (_, i) => ({ x: numbers([40, 50], i + 2) }));

describe('several runs at once', () => {
  it('change variables and give outputs as one run after another do', async () => {
    const [together, apart] = [await engine.compile(decaying), await eager.compile(decaying)];
    expect(await together.runsAtOnce?.(inputs(1)[0]!)).toBeGreaterThan(1);
    for (const count of [3, 1, 8]) {
      const outputs = await together.runAll!(inputs(count));
      const expected: NdArrays[] = [];
      for (const given of inputs(count)) expected.push(await apart.run(given));
      // A sum of 2,000 numbers about 1 in another order.
      outputs.forEach(({ total }, i) =>
        expect(total!.data[0]).toBeCloseTo(expected[i]!['total']!.data[0] as number, 2),
      );
      expect(await together.readVariables()).toEqual(await apart.readVariables());
    }
    expect(await together.runAll!([])).toEqual([]);
  });

  it('are undone together', async () => {
    const executable = await engine.compile(decaying);
    await executable.run(inputs(1)[0]!);
    const before = await executable.readVariables();
    await executable.runAll!(inputs(4));
    await executable.undo!();
    expect(await executable.readVariables()).toEqual(before);
  });

  it('are refused with the reason of an abort', async () => {
    const executable = await engine.compile(decaying);
    const reason = new Error('stop');
    await expect(executable.runAll!(inputs(2), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe('training with several steps at once', () => {
  const task: TrainingTask = {
    name: 'line',
    initial: { kernel: { value: numbers([6, 3], 1) }, bias: { value: float32([3]) } },
    objective: ({ x, y }, { kernel, bias }) => {
      const guess = tf.add(tf.matMul(x as tf.Tensor2D, kernel as tf.Tensor2D), bias as tf.Tensor);
      return tf.mean(tf.square(tf.sub(guess, y as tf.Tensor)));
    },
  };
  const rows = 4 * 19 + 1;
  const features = numbers([rows, 6], 3);
  const targets = {
    dtype: 'uint8',
    shape: [rows, 3],
    data: Uint8Array.from({ length: rows * 3 }, (_, i) => i % 2),
  } as const;
  const train = (on: Engine, x = features) => {
    const random = createRandom(4);
    const services = { ...createTestContext(), engine: on, random };
    return trainNetwork(
      task,
      memoryBatches({ x, y: targets }, { batchSize: 4 }),
      { epochs: 3, optimizer: momentum(0.05) },
      services,
    );
  };

  it('follows the steps one by one: 20 batches an epoch, the last one smaller', async () => {
    const [actual, expected] = [await train(engine), await train(eager)];
    // 60 steps in float32, sums in another order.
    actual.history.forEach(({ loss, gradientNorm }, i) => {
      expect(loss).toBeCloseTo(expected.history[i]!.loss, 5);
      expect(gradientNorm).toBeCloseTo(expected.history[i]!.gradientNorm, 4);
    });
    for (const [name, { data }] of Object.entries(expected.weights)) {
      data.forEach((value, i) => expect(actual.weights[name]!.data[i]).toBeCloseTo(value, 4));
    }
  });

  it('names the very step whose batch has a number that is not finite', async () => {
    const broken = { ...features, data: features.data.slice() };
    // Row 20 is in the sixth batch.
    broken.data[20 * 6 + 1] = NaN;
    await expect(train(engine, broken)).rejects.toThrow(/epoch 1, step 6, first in the input 'x' of the batch/);
  });
});
