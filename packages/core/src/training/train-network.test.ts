import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import type { OptimizerModel } from '../plugin/contract.js';
import { float32, type NdArrays } from '../tensor/nd-array.js';

import { createLossEvaluator } from './evaluate-loss.js';
import { memoryBatches } from './memory-batches.js';
import { descent, drawData, linearTask, pick, services, squaredError } from '../../test/support/training.js';
import type { TrainingTask } from './task.js';
import { trainNetwork } from './train-network.js';

const data = drawData(22, 3);
/** Two full batches and one of two rows. */
const batches = memoryBatches(data, { batchSize: 10 });

/** Gradient descent with momentum on the same data by the textbook's formulas, in double precision. */
function byHand(epochs: number, rate: number, momentum: number): number[] {
  const w = [0.3, -0.2, 0.1];
  const velocity = [0, 0, 0];
  for (let step = 0; step < epochs * 3; step++) {
    const rows = Array.from({ length: 22 }, (_, row) => row).slice((step % 3) * 10, (step % 3) * 10 + 10);
    const errors = rows.map((row) => w.reduce((sum, wj, j) => sum + wj * x(row, j), 0) - (data.y.data[row] ?? 0));
    w.forEach((_, j) => {
      const gradient = rows.reduce((sum, row, i) => sum + 2 * (errors[i] ?? 0) * x(row, j), 0) / rows.length;
      velocity[j] = momentum * (velocity[j] ?? 0) + gradient;
    });
    velocity.forEach((value, j) => (w[j] = (w[j] ?? 0) - rate * value));
  }
  return w;
}
const x = (row: number, column: number) => data.x.data[row * 3 + column] ?? NaN;

const momentum = (learningRate: number, factor: number): OptimizerModel => ({
  learningRate,
  slots: ['velocity'],
  update({ weight, gradient, slots, learningRate: rate }) {
    const velocity = tf.add(tf.mul(slots.velocity as tf.Tensor, factor), gradient);
    return { weight: tf.sub(weight, tf.mul(rate, velocity)), slots: { velocity } };
  },
});

/** A network with dropout, whose result depends on everything random. */
const dropoutTask: TrainingTask = {
  ...linearTask([0.3, -0.2, 0.1]),
  objective: (batch, weights, mode) =>
    squaredError(batch, (input) => tf.matMul(mode.dropout(input, 0.5), pick(weights, 'w'))),
};

describe('trainNetwork', () => {
  it('does what the formulas of gradient descent with momentum say, with a smaller last batch', async () => {
    const options = { epochs: 4, optimizer: momentum(0.05, 0.9) };
    const { weights, history, epoch } = await trainNetwork(linearTask([0.3, -0.2, 0.1]), batches, options, services());
    byHand(4, 0.05, 0.9).forEach((value, j) => {
      // Twelve steps in single precision against double.
      expect(weights.w?.data[j]).toBeCloseTo(value, 5);
    });
    expect(epoch).toBe(4);
    expect(history.map((record) => record.epoch)).toEqual([1, 2, 3, 4]);
    expect(history.at(-1)?.loss).toBeLessThan(history[0]?.loss ?? 0);
  });

  it('takes fewer samples than a batch as one smaller batch', async () => {
    const train = (batchSize: number) =>
      trainNetwork(
        linearTask([0.3, -0.2, 0.1]),
        memoryBatches(data, { batchSize }),
        { epochs: 2, optimizer: descent(0.1) },
        services(),
      );
    expect(await train(1000)).toEqual(await train(22));
  });

  it('weights the epoch loss by samples and measures the gradient', async () => {
    const { history } = await trainNetwork(
      linearTask([0, 0, 0]),
      batches,
      { epochs: 1, optimizer: descent(0) },
      services(),
    );
    const positives = data.y.data.reduce((sum, value) => sum + value, 0);
    expect(history[0]?.loss).toBeCloseTo(positives / 22, 6);
    expect(history[0]?.gradientNorm).toBeGreaterThan(0);
  });

  it('gives the same bytes for the same seed and others for another, dropout and shuffling included', async () => {
    const train = async (seed: number) => {
      const given = services(seed);
      const source = memoryBatches(data, { batchSize: 5, random: given.random.fork('shuffle') });
      return (await trainNetwork(dropoutTask, source, { epochs: 3, optimizer: descent(0.1) }, given)).weights;
    };
    expect(await train(1)).toEqual(await train(1));
    expect(await train(1)).not.toEqual(await train(2));
  });

  it('counts steps from 1 over all epochs', async () => {
    const counter: OptimizerModel = {
      learningRate: 0,
      slots: [],
      update: ({ weight, step }) => ({ weight: tf.add(tf.zerosLike(weight), step), slots: {} }),
    };
    const { weights } = await trainNetwork(linearTask([0]), oneColumn, { epochs: 3, optimizer: counter }, services());
    expect(weights.w?.data[0]).toBe(3);
  });
  const oneColumn = memoryBatches(drawData(8, 1), { batchSize: 8 });

  it('leaves frozen weights and weights outside of the loss as they are, and stores updates', async () => {
    const task: TrainingTask = {
      name: 'norm',
      initial: {
        w: { value: float32([1, 1], [1]) },
        spare: { value: float32([2], [3, 4]) },
        frozen: { value: float32([], [2]), trainable: false },
        average: { value: float32([], [0]), trainable: false },
      },
      objective(batch, weights, mode) {
        mode.update('average', tf.add(tf.mul(pick(weights, 'average'), 0.5), 8));
        const scaled = tf.mul<tf.Tensor2D>(pick(batch, 'x'), pick(weights, 'frozen'));
        return tf.mean(tf.square(tf.matMul(scaled, pick<tf.Tensor>(weights, 'w') as tf.Tensor2D)));
      },
    };
    const { weights } = await trainNetwork(task, oneColumn, { epochs: 3, optimizer: descent(0.01) }, services());
    expect(weights.w?.data[0]).not.toBe(1);
    expect(weights).toMatchObject({
      spare: float32([2], [3, 4]),
      frozen: float32([], [2]),
      average: float32([], [14]),
    });
  });

  it('leaves no tensors behind', async () => {
    const options = { epochs: 1, optimizer: descent(0.1) };
    const given = services();
    await trainNetwork(dropoutTask, batches, options, given);
    const before = tf.memory().numTensors;
    await trainNetwork(dropoutTask, batches, options, given);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('validation', () => {
  const scripted = (losses: readonly number[]) => {
    const seen: NdArrays[] = [];
    const validate = (weights: NdArrays, epoch: number) => {
      seen.push(weights);
      return Promise.resolve(losses[epoch - 1] ?? NaN);
    };
    return { seen, validate };
  };
  const train = (options: object, losses: readonly number[]) => {
    const { seen, validate } = scripted(losses);
    const optimizer = descent(0.05);
    const result = trainNetwork(
      linearTask([0, 0, 0]),
      batches,
      { epochs: 6, optimizer, validate, ...options },
      services(),
    );
    return result.then((value) => ({ ...value, seen }));
  };

  it('returns the weights of the best epoch', async () => {
    const { epoch, weights, seen, history } = await train({}, [5, 3, 1, 2, 1, 4]);
    expect(epoch).toBe(3);
    expect(weights).toEqual(seen[2]);
    expect(history.map(({ validationLoss }) => validationLoss)).toEqual([5, 3, 1, 2, 1, 4]);
  });

  it('stops after `patience` epochs without a better one', async () => {
    const { epoch, history } = await train({ patience: 2 }, [5, 3, 4, 3, 1, 1]);
    expect(epoch).toBe(2);
    expect(history).toHaveLength(4);
  });

  it('returns the last weights on request', async () => {
    const { epoch, weights, seen } = await train({ restoreBest: false }, [1, 2, 3, 4, 5, 6]);
    expect(epoch).toBe(6);
    expect(weights).toEqual(seen[5]);
  });

  it('must be a finite number', async () => {
    await expect(train({}, [1, NaN])).rejects.toMatchObject({
      code: 'KINDRED_TRAIN_NAN',
      message: "The validation loss of 'line' must stay a finite number. Got NaN in epoch 2.",
    });
  });

  it('can be the loss on held-out batches, without dropout', async () => {
    const { engine } = services();
    const evaluator = await createLossEvaluator(dropoutTask, batches, engine);
    const positives = data.y.data.reduce((sum, value) => sum + value, 0);
    expect(await evaluator.evaluate({ w: float32([3, 1]) })).toBeCloseTo(positives / 22, 6);
    await evaluator.dispose();
  });
});

describe('trainNetwork refuses to go on', () => {
  const train = (task: TrainingTask, rate: number, signal?: AbortSignal) =>
    trainNetwork(task, batches, { epochs: 200, optimizer: descent(rate) }, services(1, signal && { signal }));

  it('when the loss is no number any more, and says when', async () => {
    await expect(train(linearTask([0, 0, 0]), 1e6)).rejects.toMatchObject({
      code: 'KINDRED_TRAIN_NAN',
      message: expect.stringMatching(
        /'line' must stay a finite number. Got (NaN|Infinity) in epoch \d+, step [123], first in the /,
      ) as string,
      hint: expect.stringContaining('learningRate') as string,
    });
  });

  it('when the last step made a weight infinite', async () => {
    const options = { epochs: 1, optimizer: descent(1e39) };
    const whole = memoryBatches(data, { batchSize: 22 });
    await expect(trainNetwork(linearTask([0, 0, 0]), whole, options, services())).rejects.toMatchObject({
      code: 'KINDRED_TRAIN_NAN',
      message: expect.stringContaining("The weight 'w' of 'line'") as string,
    });
  });

  it('within a second of an abort, with the reason of the abort', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('Ctrl-C')), 20);
    const started = performance.now();
    await expect(train({ ...linearTask([0, 0, 0]) }, 1e-6, controller.signal)).rejects.toThrow('Ctrl-C');
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('without samples', async () => {
    const empty = { epoch: () => [] };
    const options = { epochs: 1, optimizer: descent(1) };
    await expect(trainNetwork(linearTask([0]), empty, options, services())).rejects.toMatchObject({
      code: 'KINDRED_DATA_EMPTY',
    });
  });

  it.each<[string, TrainingTask['objective'], string]>([
    [
      'a loss that is no scalar',
      (batch) => pick(batch, 'x'),
      "The loss of 'line' must be a scalar. Got the shape [10, 3].",
    ],
    [
      'an update of a trained weight',
      (batch, weights, mode) => {
        mode.update('w', tf.zeros([3, 1]));
        return tf.mean(tf.matMul(pick(batch, 'x') as tf.Tensor2D, pick(weights, 'w') as tf.Tensor2D));
      },
      "may update only weights that are not trained by gradient. Got 'w'.",
    ],
  ])('at %s', async (_, objective, message) => {
    await expect(train({ ...linearTask([0, 0, 0]), objective }, 1)).rejects.toMatchObject({
      code: 'KINDRED_PLUGIN_RESULT',
      message: expect.stringContaining(message) as string,
    });
  });

  it('when the batches cannot be read', async () => {
    const broken = {
      *epoch() {
        yield { x: float32([1, 1], [1]), y: float32([1, 1], [1]) };
        throw new Error('disk gone');
      },
    };
    const options = { epochs: 1, optimizer: descent(0.1) };
    await expect(trainNetwork(linearTask([0]), broken, options, services())).rejects.toThrow('disk gone');
  });
});
