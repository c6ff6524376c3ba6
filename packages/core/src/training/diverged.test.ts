import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { drawData, pick, services } from '../../test/support/training.js';
import type { OptimizerModel } from '../plugin/contract.js';
import { withLayer } from '../tensor/layer-scope.js';
import { float32, type NdArray } from '../tensor/nd-array.js';

import { TrainingDivergedError } from './finite.js';
import { memoryBatches } from './memory-batches.js';
import { scopeNetwork } from './scope.js';
import type { BatchSource, TrainingTask } from './task.js';
import { trainNetwork } from './train-network.js';

/** Gradient descent that multiplies its rate by 1e30 from step `from` on. */
const explodingFrom = (from: number): OptimizerModel => ({
  learningRate: 0.001,
  slots: [],
  update({ weight, gradient, step, learningRate }) {
    const factor = tf.where(tf.less(step, from), tf.scalar(1), tf.scalar(1e30));
    return { weight: tf.sub(weight, tf.mul(tf.mul(learningRate, factor), gradient)), slots: {} };
  },
});

type Body = (x: tf.Tensor) => tf.Tensor;
const same: Body = (x) => x;

/** Two layers named backbone/first and backbone/second, then the mean squared error. */
function twoLayers({
  first = same,
  second = same,
  start = 0.5,
}: {
  first?: Body;
  second?: Body;
  start?: number;
}): TrainingTask {
  const network = scopeNetwork('backbone', {
    init: () => ({
      'first/w': { value: float32([3, 3], new Array<number>(9).fill(start)) },
      'second/w': { value: float32([3, 1], [1, 2, 3]) },
    }),
    forward: (weights, x) => {
      const hidden = withLayer('first', () =>
        first(tf.matMul(x as tf.Tensor2D, pick(weights, 'first/w') as tf.Tensor2D)),
      );
      return withLayer('second', () =>
        second(tf.matMul(hidden as tf.Tensor2D, pick(weights, 'second/w') as tf.Tensor2D)),
      );
    },
  });
  return {
    name: 'two',
    initial: network.init(services().random),
    objective: ({ x, y }, weights, mode) =>
      tf.mean(tf.square(tf.sub(network.forward(weights, x as tf.Tensor, mode), y as tf.Tensor))),
  };
}

const data = drawData(8, 3);
const batches = memoryBatches(data, { batchSize: 4 });

async function failure(task: TrainingTask, source: BatchSource = batches, from = 1e9): Promise<TrainingDivergedError> {
  const given = services();
  const error: unknown = await trainNetwork(task, source, { epochs: 5, optimizer: explodingFrom(from) }, given).catch(
    (caught: unknown) => caught,
  );
  await given.engine.dispose();
  if (error instanceof TrainingDivergedError) return error;
  throw new Error('training must stop with a TrainingDivergedError', { cause: error });
}

describe('a loss that is not finite names', () => {
  // log(x - x) is minus infinity, and its gradient NaN.
  const broken: Body = (x) => tf.log(tf.sub(x, x));

  it.each<[string, TrainingTask, string]>([
    [
      'the first layer with such an output',
      twoLayers({ first: broken }),
      "first in the output of the layer 'backbone/first'.",
    ],
    ['a later one', twoLayers({ second: broken }), "first in the output of the layer 'backbone/second'."],
    [
      'the loss itself',
      {
        ...twoLayers({}),
        objective: (_, weights) => tf.log<tf.Tensor>(tf.sum(tf.mul(pick(weights, 'backbone/first/w'), 0))),
      },
      'first in the loss, after all layers.',
    ],
    // The root of 0 is 0, its slope infinite: finite going forward alone.
    [
      'a gradient',
      twoLayers({ first: (x) => tf.sqrt(tf.relu(tf.sub(x, x))) }),
      "first in the gradient of the weight 'backbone/first/w'.",
    ],
  ])('%s', async (_, task, where) => {
    const { message } = await failure(task);
    expect(message).toContain("of 'two' must stay a finite number. Got ");
    expect(message).toContain('in epoch 1, step 1, ');
    expect(message).toContain(where);
  });

  it('the batch, if the data are to blame', async () => {
    const bad: NdArray<'float32'> = float32(data.x.shape, data.x.data.slice().fill(NaN, 20));
    const { message } = await failure(twoLayers({}), memoryBatches({ ...data, x: bad }, { batchSize: 4 }));
    expect(message).toContain("in epoch 1, step 2, first in the input 'x' of the batch.");
  });

  it('the weight, if the step before made it so', async () => {
    const { message } = await failure({ ...twoLayers({}) }, batches, 1);
    expect(message).toMatch(/step [23], first in the (output of the layer|weight|gradient)/);
  });
});

describe('what was good', () => {
  it('is kept: weights and history of the epoch before, as if training had ended there', async () => {
    // Two steps an epoch: the sixth makes weights huge but finite, and the third epoch's weights are no good.
    const { kept, hint } = await failure(twoLayers({}), batches, 6);
    const options = { epochs: 2, optimizer: explodingFrom(1e9) };
    const undisturbed = await trainNetwork(twoLayers({}), batches, options, services());
    expect(kept).toEqual(undisturbed);
    expect(hint).toContain('learningRate');
  });

  it('is nothing before the first epoch is done', async () => {
    expect((await failure(twoLayers({}), batches, 1)).kept).toBeUndefined();
  });
});
