import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { createRandom } from '../context/random.js';
import type { Network, Weights } from '../plugin/contract.js';
import type { NamedTensors } from '../plugin/engine-contract.js';
import { float32, type NdArrays } from '../tensor/nd-array.js';

import { createLossEvaluator } from './evaluate-loss.js';
import { memoryBatches } from './memory-batches.js';
import { scopeNetwork } from './scope.js';
import type { TrainingTask } from './task.js';
import { descent, drawData, pick, services } from '../../test/support/training.js';
import { trainNetwork } from './train-network.js';

const dense = (inputs: number, outputs: number): Network => ({
  init(random): Weights {
    const kernel = Array.from({ length: inputs * outputs }, () => random.normal());
    return { kernel: { value: float32([inputs, outputs], kernel) }, calls: { value: float32([]), trainable: false } };
  },
  forward(weights, x, mode) {
    mode.update('calls', tf.add(pick(weights, 'calls'), 1));
    return tf.tanh(tf.matMul(x as tf.Tensor2D, pick(weights, 'kernel') as tf.Tensor2D));
  },
});

const backbone = scopeNetwork('backbone', dense(3, 4));
const heads = [scopeNetwork('branches/a', dense(4, 1)), scopeNetwork('branches/b', dense(4, 1))];
const random = createRandom(3);

/** One backbone, two heads: the second learns the opposite of the first. */
const task: TrainingTask = {
  name: 'joint',
  initial: Object.assign({}, ...[backbone, ...heads].map((network) => network.init(random))) as Weights,
  objective({ x, y }: NamedTensors, weights, mode) {
    const features = backbone.forward(weights, x as tf.Tensor, mode);
    const losses = heads.map((head, i) => {
      const target = i === 0 ? (y as tf.Tensor) : tf.sub(1, y as tf.Tensor);
      return tf.mean(tf.square(tf.sub(head.forward(weights, features, mode), target)));
    });
    return losses.reduce((sum, loss) => tf.add(sum, loss));
  },
};
const batches = memoryBatches(drawData(16, 3), { batchSize: 16 });

it('trains a backbone under several heads with the sum of their losses', async () => {
  const rate = 0.5;
  const { weights } = await trainNetwork(task, batches, { epochs: 1, optimizer: descent(rate) }, services());
  const { engine } = services();
  const evaluator = await createLossEvaluator(task, batches, engine);
  const start = Object.fromEntries(Object.entries(task.initial).map(([name, { value }]) => [name, value]));

  for (const name of ['backbone/kernel', 'branches/a/kernel', 'branches/b/kernel']) {
    const moved = difference(pick(weights, name).data, pick(start, name).data);
    // Along the step the summed loss must change by -|step|^2 / rate in first order: a central difference.
    const length = Math.hypot(...moved);
    const h = 0.01;
    const at = (sign: number) => evaluator.evaluate(shifted(start, name, moved, (sign * h) / length));
    const slope = ((await at(1)) - (await at(-1))) / (2 * h);
    // Single precision leaves about 1e-7 / h of error in the slope, curvature h^2.
    expect(slope).toBeCloseTo(-length / rate, 3);
    expect(length).toBeGreaterThan(1e-3);
  }
  expect(weights).toMatchObject({ 'backbone/calls': float32([], [1]), 'branches/b/calls': float32([], [1]) });
  await engine.dispose();
});

const difference = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a, (value, i) => value - (b[i] ?? NaN));

function shifted(arrays: NdArrays, name: string, direction: readonly number[], scale: number): NdArrays {
  const { shape, data } = pick(arrays, name);
  return {
    ...arrays,
    [name]: float32(
      shape,
      Array.from(data, (value, i) => value + scale * (direction[i] ?? 0)),
    ),
  };
}
