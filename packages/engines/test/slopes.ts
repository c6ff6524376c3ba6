import * as tf from '@tensorflow/tfjs-core';
import { sizeOf, type Engine, type NdArray } from '@kindred/core';
import { describe, expect, it } from 'vitest';

import { engineResults, numbers, type NumericCase } from '../src/testing/index.js';

type T4 = tf.Tensor4D;
type Smooth = Omit<NumericCase, 'gradients' | 'reference'>;

const square = numbers([2, 5, 6, 3]);

/** Smooth functions, those among them whose gradients in tfjs' CPU backend are wrong or missing. */
const SMOOTH: readonly Smooth[] = [
  ...[false, true].flatMap((align) =>
    [false, true]
      .filter((half) => !(align && half))
      .flatMap((half): Smooth[] =>
        [tf.image.resizeBilinear, tf.image.resizeNearestNeighbor].map((resize, i) => ({
          name: `${i ? 'resizeNearestNeighbor' : 'resizeBilinear'}${align ? ', corners aligned' : ''}${half ? ', half pixels' : ''}`,
          f: (x) => tf.tanh(resize(x as T4, [7, 4], align, half)),
          x: [square],
        })),
      ),
  ),
  { name: 'avgPool over the edge', f: (x) => tf.tanh(tf.avgPool(x as T4, 3, 2, 'same')), x: [square] },
  {
    name: 'conv2d, strided over the edge',
    f: (x, filter) => tf.tanh(tf.conv2d(x as T4, filter as T4, 2, 'same')),
    x: [square, numbers([3, 4, 3, 2], 2)],
  },
  {
    name: 'depthwiseConv2d',
    f: (x, filter) => tf.tanh(tf.depthwiseConv2d(x as T4, filter as T4, 1, 'valid')),
    x: [square, numbers([2, 3, 3, 2], 2)],
  },
  {
    name: 'conv2dTranspose',
    f: (x, filter) => tf.tanh(tf.conv2dTranspose(x as T4, filter as T4, [2, 10, 12, 2], 2, 'same')),
    x: [square, numbers([3, 3, 2, 3], 2)],
  },
  {
    name: 'localResponseNormalization',
    f: (x) => tf.localResponseNormalization(x as T4, 1, 1, 0.5, 0.75),
    x: [square],
  },
  {
    name: 'the batch’s own statistics',
    f: (x) => {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      return tf.tanh(tf.batchNorm(x, mean, variance, tf.zeros([3]), tf.ones([3]), 1e-3));
    },
    x: [square],
  },
  { name: 'softmax', f: (x) => tf.softmax(x), x: [numbers([3, 5])] },
  { name: 'logSumExp', f: (x) => tf.logSumExp(x, 1), x: [numbers([3, 5])] },
  { name: 'matMul', f: (a, b) => tf.tanh(tf.matMul(a, b, true)), x: [numbers([4, 3], 1), numbers([4, 2], 2)] },
  { name: 'atan2', f: tf.atan2, x: [numbers([7], 1, 0.5, 2), numbers([7], 2)] },
  { name: 'pow', f: tf.pow, x: [numbers([7], 1, 0.5, 2), numbers([7], 2)] },
  { name: 'cumsum', f: (x) => tf.tanh(tf.cumsum(x, 1, true)), x: [numbers([3, 5])] },
  { name: 'gather', f: (x) => tf.tanh(tf.gather(x, tf.tensor1d([2, 0, 2], 'int32'))), x: [numbers([4, 2])] },
  { name: 'prod', f: (x) => tf.prod(x, 1), x: [numbers([3, 4])] },
];

/** `x` moved along a fixed direction of length 1. */
function moved(x: NdArray, seed: number, by: number): NdArray {
  const direction = numbers(x.shape, seed).data;
  const length = Math.hypot(...direction);
  return {
    ...x,
    data: Float32Array.from(x.data, (value, i) => value + (by * (direction[i] ?? 0)) / length),
  };
}

const SEED = 40;
const STEP = 1e-2;

/** The weighted sum of the function's values whose gradient `engineResults` takes. */
async function loss(engine: Engine, test: Smooth, by: number): Promise<number> {
  const x = test.x.map((array, i) => moved(array, SEED + i, by));
  const { y0 } = await engineResults(engine, { ...test, x, gradients: false });
  const weights = numbers(y0?.shape ?? [], 100).data;
  return weights.reduce((sum, weight, i) => sum + weight * (y0?.data[i] ?? NaN), 0);
}

/** Registers checks of gradients against central differences of the same engine's values, along a random direction. */
export function describeSlopes(engine: Engine): void {
  describe(`${engine.name}: gradients are slopes`, () => {
    it.each(SMOOTH)('$name', async (test) => {
      const results = await engineResults(engine, { ...test, gradients: true });
      const slope = test.x.reduce((sum, x, i) => {
        const direction = numbers(x.shape, SEED + i).data;
        const gradient = results[`gradient${i}`]?.data ?? new Float32Array(sizeOf(x.shape)).fill(NaN);
        return sum + direction.reduce((dot, d, at) => dot + d * (gradient[at] ?? NaN), 0) / Math.hypot(...direction);
      }, 0);
      const difference = ((await loss(engine, test, STEP)) - (await loss(engine, test, -STEP))) / (2 * STEP);
      // Rounding leaves 1e-7 of values up to 20 over the step, 2e-4; the third derivative times step^2 / 6 is as small.
      expect(Math.abs(slope - difference)).toBeLessThan(1e-3 * Math.max(1, Math.abs(difference)));
    });
  });
}
