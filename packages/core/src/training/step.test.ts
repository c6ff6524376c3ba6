import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { descent, drawData, linearTask, pick, services, squaredError } from '../../test/support/training.js';
import { float32, int32 } from '../tensor/nd-array.js';

import { batchInputs, LEARNING_RATE, LOSS, SEED, stepProgram } from './step.js';
import type { TrainingTask } from './task.js';

const data = drawData(22, 3);
const dropoutTask: TrainingTask = {
  ...linearTask([0.3, -0.2, 0.1]),
  objective: (batch, weights, mode) =>
    squaredError(batch, (input) => tf.matMul(mode.dropout(input, 0.5), pick(weights, 'w'))),
};

describe('stepProgram in two stages', () => {
  const step = stepProgram(dropoutTask, { optimizer: descent(0.1) });
  const whole = batchInputs({ x: data.x, y: float32(data.y.shape, Float32Array.from(data.y.data)) });
  const given = { ...whole, [SEED]: int32([], [2 ** 31 - 2]), [LEARNING_RATE]: float32([], [0.1]) };

  /** The loss of the first stage in the shard of this number. */
  const lossIn = async (shard: number) => {
    const { engine } = services();
    const { run: _, sharded, ...program } = step;
    const first = await engine.compile({
      ...program,
      run: (tensors) => ({ loss: pick(sharded?.partial(tensors, tf.scalar(shard, 'int32')) ?? {}, LOSS) }),
    });
    const { loss } = await first.run(given);
    await engine.dispose();
    return loss?.data[0];
  };

  it('draws other dropout masks in each shard, and those of the whole batch in the first', async () => {
    const { engine } = services();
    const { loss } = await (await engine.compile(step)).run(given);
    const losses = await Promise.all([0, 1, 2, 63].map(lossIn));
    expect(losses[0]).toBe(loss?.data[0]);
    expect(new Set(losses).size).toBe(4);
    await engine.dispose();
  });

  it('has one stage where the loss is no mean over rows', () => {
    expect(step.sharded).toBeDefined();
    expect(stepProgram({ ...dropoutTask, splittable: false }, { optimizer: descent(0.1) }).sharded).toBeUndefined();
  });

  it('divides the batch and nothing else', () => {
    expect(Object.keys(given).filter((name) => step.sharded?.splits(name))).toEqual(['batch/x', 'batch/y']);
  });
});
