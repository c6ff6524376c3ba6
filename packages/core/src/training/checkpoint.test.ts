import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { drawData, linearTask, pick, services, squaredError } from '../../test/support/training.js';
import type { OptimizerModel, TrainingMoment } from '../plugin/contract.js';
import { float32, type NdArrays } from '../tensor/nd-array.js';

import { TrainingDivergedError } from './finite.js';
import { memoryBatches } from './memory-batches.js';
import type { CheckpointStore, TrainingCheckpoint, TrainingOptions, TrainingTask } from './task.js';
import { trainNetwork } from './train-network.js';

const data = drawData(22, 3);

/** Dropout, a moving average, momentum: whatever a run holds, this one has it. */
const task: TrainingTask = {
  ...linearTask([0.3, -0.2, 0.1]),
  initial: { ...linearTask([0.3, -0.2, 0.1]).initial, average: { value: float32([]), trainable: false } },
  objective(batch, weights, mode) {
    mode.update('average', tf.add(tf.mul(pick(weights, 'average'), 0.9), tf.mean(pick(batch, 'x'))));
    return squaredError(batch, (x) => tf.matMul(mode.dropout(x, 0.5), pick(weights, 'w')));
  },
};
const momentum: OptimizerModel = {
  learningRate: 0.05,
  slots: ['velocity'],
  update({ weight, gradient, slots, learningRate }) {
    const velocity = tf.sub(tf.mul(pick(slots, 'velocity'), 0.9), tf.mul(learningRate, gradient));
    return { weight: tf.add(weight, velocity), slots: { velocity } };
  },
};

function run(options: Partial<TrainingOptions>, trained: TrainingTask = task) {
  const given = services(3);
  const source = memoryBatches(data, { batchSize: 5, random: given.random.fork('shuffle') });
  return trainNetwork(trained, source, { epochs: 6, optimizer: momentum, ...options }, given);
}

/** Keeps every checkpoint, and begins with `from`. */
function keeping(from?: TrainingCheckpoint) {
  const written: TrainingCheckpoint[] = [];
  const store: CheckpointStore = {
    read: () => Promise.resolve(from),
    write: (checkpoint) => Promise.resolve(void written.push(structuredClone(checkpoint))),
  };
  return { written, store };
}

/** Losses that stand for a validation: the third epoch is the best. */
const losses = [5, 3, 1, 2, 4, 1.5, 6];
const validate = (_: NdArrays, epoch: number) => Promise.resolve(losses[epoch - 1] ?? 9);
const onPlateau = ({ validationLosses }: TrainingMoment) => (validationLosses.length > 3 ? 0.1 : 1);

const CASES: [string, Partial<TrainingOptions>][] = [
  ['plainly', {}],
  ['with a validation, the best epoch long gone', { validate, restoreBest: true }],
  ['with patience, the last weights kept', { validate, restoreBest: false, patience: 3 }],
  [
    'with a schedule over validation losses and a warm-up',
    { validate, schedule: onPlateau, warmup: 2.5, clipNorm: 0.2 },
  ],
];

describe.each(CASES)('training %s', (_, options) => {
  it('goes on after any epoch to the same bits as without a stop', async () => {
    const { written, store } = keeping();
    const whole = await run({ ...options, checkpoint: store });
    expect(whole).toEqual(await run(options));
    expect(written.map(({ history }) => history.length)).toEqual(whole.history.map(({ epoch }) => epoch));
    for (const checkpoint of written) {
      const rest = keeping(checkpoint);
      expect(await run({ ...options, checkpoint: rest.store })).toEqual(whole);
      expect(rest.written).toEqual(written.slice(checkpoint.history.length));
    }
  });
});

it('a task that is done is not trained again', async () => {
  const { written, store } = keeping();
  const whole = await run({ checkpoint: store });
  const none: OptimizerModel = { ...momentum, update: () => expect.unreachable() };
  expect(await run({ optimizer: none, checkpoint: keeping(written.at(-1)).store })).toEqual(whole);
});

it.each<[string, Partial<TrainingOptions>]>([
  ['without validation', {}],
  ['with it', { validate: () => Promise.resolve(1) }],
])('a run that diverges keeps the same weights after a stop, %s', async (_, options) => {
  // Five steps an epoch: the first step of the fourth explodes.
  const exploding: OptimizerModel = {
    ...momentum,
    update(state) {
      const factor = tf.where(tf.less(state.step, 16), tf.scalar(1), tf.scalar(1e30));
      return momentum.update({ ...state, learningRate: tf.mul(state.learningRate, factor) });
    },
  };
  const failed = async (checkpoint: CheckpointStore) => {
    const error: unknown = await run({ ...options, optimizer: exploding, checkpoint }).catch(
      (caught: unknown) => caught,
    );
    if (error instanceof TrainingDivergedError) return error;
    throw new Error('training must diverge', { cause: error });
  };
  const { written, store } = keeping();
  const { kept, message } = await failed(store);
  expect(kept).toBeDefined();
  for (const checkpoint of written) {
    expect(await failed(keeping(checkpoint).store)).toMatchObject({ kept, message });
  }
});

it.each<[string, NdArrays, string]>([
  ['another shape', { 'weights/w': float32([4, 1]) }, "'weights/w' must be float32 [3, 1]; it is float32 [4, 1]."],
  ['a variable more', { 'slots/extra/w': float32([3, 1]) }, "'slots/extra/w' must be absent; it is float32 [3, 1]."],
])('a checkpoint of another network is refused: %s', async (_, changes, message) => {
  const { written, store } = keeping();
  await run({ epochs: 1, checkpoint: store });
  const [first] = written as [TrainingCheckpoint];
  const other = { ...first, variables: { ...first.variables, ...changes } };
  await expect(run({ checkpoint: keeping(other).store })).rejects.toMatchObject({
    code: 'KINDRED_CHECKPOINT_INVALID',
    message: `The checkpoint of 'line' must hold the variables of the network that is trained. ${message}`,
  });
});
