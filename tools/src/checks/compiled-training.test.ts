import { smallCnn } from '@kindred/backbones';
import {
  createLossEvaluator,
  createRandom,
  float32,
  prepareTfGradients,
  trainNetwork,
  uint8,
  type BatchSource,
  type Engine,
  type NdArrays,
  type TrainingTask,
} from '@kindred/core';
import { createEagerEngine, createTestContext } from '@kindred/core/testing';
import { createOnnxEngine } from '@kindred/engines';
import { adam } from '@kindred/heads';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const onnx = createOnnxEngine({ workers: 1 });
beforeAll(prepareTfGradients);
afterAll(() => onnx.dispose());

const STEPS = 6;
const optimizer = adam.create(adam.options.parse({ learningRate: 0.01 }));
const epochOf = (batch: (step: number) => NdArrays): BatchSource => ({
  epoch: () => Array.from({ length: STEPS }, (_, step) => batch(step)),
});

async function trained(task: TrainingTask, batches: BatchSource, engine: Engine, seed = 1): Promise<NdArrays> {
  const services = createTestContext({ engine, random: createRandom(seed) });
  return (await trainNetwork(task, batches, { epochs: 1, optimizer }, services)).weights;
}

describe('dropout in a compiled training step', () => {
  const [rate, size] = [0.3, 4000];
  /** Keeps the mask of each step, the latest first. */
  const masks: TrainingTask = {
    name: 'masks',
    splittable: false,
    initial: {
      w: { value: float32([], [1]) },
      seen: { value: float32([STEPS, size]), trainable: false },
    },
    objective(_, { w, seen }, mode) {
      const mask = mode.dropout(tf.ones([1, size]), rate);
      mode.update('seen', tf.concat([mask, tf.slice(seen!, [0, 0], [STEPS - 1, size])]));
      return tf.mul(tf.square(w!), tf.mean(mask));
    },
  };
  const batches = epochOf(() => ({ x: float32([1, 1]) }));
  const drawn = async (seed: number, engine: Engine = onnx) => {
    const { data = new Float32Array() } = (await trained(masks, batches, engine, seed))['seen'] ?? {};
    return Array.from({ length: STEPS }, (_, step) => [...data.subarray(step * size, (step + 1) * size)]);
  };

  it('drops its share of values, scales the others, and draws a new mask in each step', async () => {
    const steps = await drawn(1);
    const kept = Math.fround(1 / (1 - rate));
    for (const [i, mask] of steps.entries()) {
      expect(new Set(mask)).toEqual(new Set([0, kept]));
      // Five standard deviations of the binomial distribution.
      const dropped = mask.filter((value) => value === 0).length;
      expect(Math.abs(dropped - rate * size)).toBeLessThan(5 * Math.sqrt(size * rate * (1 - rate)));
      // Two masks that know nothing of each other differ in a share of 2 rate (1 - rate).
      const [other, share] = [steps[(i + 1) % STEPS] ?? [], 2 * rate * (1 - rate)];
      const differing = mask.filter((value, at) => value !== other[at]).length;
      expect(Math.abs(differing - share * size)).toBeLessThan(5 * Math.sqrt(size * share * (1 - share)));
    }
  });

  it('draws the same masks from the same seed on every engine, and others from another', async () => {
    const steps = await drawn(1);
    expect(await drawn(1)).toEqual(steps);
    expect(await drawn(1, createEagerEngine())).toEqual(steps);
    expect(await drawn(2)).not.toEqual(steps);
  });

  it('is off in prediction', async () => {
    const task: TrainingTask = {
      ...masks,
      objective: (_, { w }, mode) => tf.mul(w!, tf.mean(mode.dropout(tf.ones([1, size]), rate))),
    };
    const evaluator = await createLossEvaluator(task, batches, onnx);
    expect(await evaluator.evaluate({ w: float32([], [1]), seen: float32([STEPS, size]) })).toBe(1);
  });
});

describe('a small-cnn with batch normalization, trained compiled', () => {
  it('follows the eager run: weights and moving averages', async () => {
    const options = smallCnn.options.parse({
      input: { width: 12, height: 10 },
      layers: [
        // First: a bias before it would have no gradient but rounding, and Adam makes whole steps of that.
        { batchNorm: true, momentum: 0.8 },
        { conv: 4, kernel: 3 },
        { pool: 2 },
        { conv: 6, kernel: 3 },
        { dropout: 0.2 },
        { flatten: true },
        { dense: 3, activation: 'linear' },
      ],
    });
    const { network } = await smallCnn.create(options, createTestContext());
    const draw = createRandom(5);
    const images = uint8(
      [8, 10, 12, 3],
      Array.from({ length: 8 * 10 * 12 * 3 }, () => draw.integer(256)),
    );
    const task: TrainingTask = {
      name: 'normalized',
      splittable: false,
      initial: network.init(createRandom(2)),
      objective: ({ x }, weights, mode) => tf.mean(tf.square(tf.sub(network.forward(weights, x!, mode), 1))),
    };
    const batches = epochOf(() => ({ x: images }));
    const [compiled, eager] = [await trained(task, batches, onnx), await trained(task, batches, createEagerEngine())];
    expect(Object.keys(compiled)).toEqual(Object.keys(eager));
    let averages = 0;
    for (const [name, { data }] of Object.entries(eager)) {
      const scale = Math.max(1e-2, ...data.map(Math.abs));
      const worst = Math.max(...data.map((value, i) => Math.abs(value - (compiled[name]?.data[i] ?? NaN))));
      // Rounding differences of 1e-7 grow along the path of the optimizer.
      expect({ name, close: worst < 1e-3 * scale }).toEqual({ name, close: true });
      if (task.initial[name]?.trainable === false) averages++;
    }
    expect(averages).toBe(2);
  });
});
