import * as tf from '@tensorflow/tfjs-core';

import { createRandom } from '../../src/context/random.js';
import type { OptimizerModel } from '../../src/plugin/contract.js';
import type { NamedTensors } from '../../src/plugin/engine-contract.js';
import { float32, type NdArray } from '../../src/tensor/nd-array.js';
import { createTestContext } from '../../src/testing/test-context.js';

import type { TrainingServices, TrainingTask } from '../../src/training/task.js';

/** What training gets from its host, on the eager engine. */
export const services = (seed = 1, replace: Partial<TrainingServices> = {}): TrainingServices =>
  createTestContext({ random: createRandom(seed), ...replace });

/** Plain gradient descent. */
export const descent = (learningRate: number): OptimizerModel => ({
  learningRate,
  slots: [],
  update: ({ weight, gradient, learningRate: rate }) => ({
    weight: tf.sub(weight, tf.mul(rate, gradient)),
    slots: {},
  }),
});

/** The named tensor, which must be there. */
export function pick<T>(tensors: Readonly<Record<string, T>>, name: string): T {
  const tensor = tensors[name];
  if (tensor === undefined) throw new Error(`no tensor '${name}'`);
  return tensor;
}

/** Mean squared error of x w. */
export const squaredError = ({ x, y }: NamedTensors, prediction: (x: tf.Tensor) => tf.Tensor): tf.Tensor =>
  tf.mean(tf.square(tf.sub(prediction(x as tf.Tensor), y as tf.Tensor)));

/** Linear regression of y [N, 1] on x [N, D]. */
export const linearTask = (initial: readonly number[]): TrainingTask => ({
  name: 'line',
  initial: { w: { value: float32([initial.length, 1], initial) } },
  objective: (batch, weights) => squaredError(batch, (x) => tf.matMul(x, pick(weights, 'w'))),
});

/** Normal features [N, D] and y = 1 where their sum is positive. */
export function drawData(samples: number, features: number, seed = 5): { x: NdArray<'float32'>; y: NdArray<'uint8'> } {
  const random = createRandom(seed);
  const x = Float32Array.from({ length: samples * features }, () => random.normal());
  const y = Uint8Array.from({ length: samples }, (_, row) =>
    x.subarray(row * features, (row + 1) * features).reduce((sum, value) => sum + value, 0) > 0 ? 1 : 0,
  );
  return { x: float32([samples, features], x), y: { dtype: 'uint8', shape: [samples, 1], data: y } };
}
