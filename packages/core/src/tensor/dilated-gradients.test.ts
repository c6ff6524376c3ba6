import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { prepareTfGradients } from './tf-runtime.js';

beforeAll(prepareTfGradients);

type T4 = tf.Tensor4D;

/** Well mixed numbers in [-1, 1). */
function numbers(shape: [number, number, number, number], seed: number): T4 {
  const size = shape.reduce((product, length) => product * length, 1);
  const values = Float32Array.from({ length: size }, (_, i) => Math.sin((i + 1) * 12.9898 + seed * 78.233));
  return tf.tensor4d(values, shape);
}

const CASES = [
  { name: 'conv2d', f: tf.conv2d, filters: 4 },
  { name: 'depthwiseConv2d', f: tf.depthwiseConv2d, filters: 2 },
] as const;

describe.each(CASES)('a dilated $name', ({ f, filters }) => {
  it.each([
    { dilations: [2, 3], pad: 'same' },
    { dilations: [3, 1], pad: 'valid' },
    { dilations: 2, pad: 'same' },
  ] as const)('has its derivative as its gradient, dilated by $dilations, $pad', ({ dilations, pad }) => {
    tf.tidy(() => {
      const given = typeof dilations === 'number' ? dilations : ([...dilations] as [number, number]);
      const loss = (x: T4, filter: T4): tf.Scalar => tf.sum(tf.square(f(x, filter, 1, pad, 'NHWC', given)));
      const [x, filter] = [numbers([2, 9, 8, 3], 1), numbers([3, 2, 3, filters], 2)];
      const directions = [numbers([2, 9, 8, 3], 3), numbers([3, 2, 3, filters], 4)] as const;
      const gradients = tf.grads(loss as (...args: tf.Tensor[]) => tf.Scalar)([x, filter]);
      [x, filter].forEach((_, i) => {
        const along = (step: number) => {
          const [a, b] = [x, filter].map((tensor, j) =>
            i === j ? tf.add(tensor, tf.mul(directions[i] as T4, step)) : tensor,
          ) as [T4, T4];
          return loss(a, b).arraySync();
        };
        // The loss is quadratic along a line, for which a central difference of any step is exact but for rounding (1e-7 of the loss).
        const difference = (along(0.5) - along(-0.5)) / 1;
        const slope = tf.sum(tf.mul(gradients[i] as tf.Tensor, directions[i] as T4)).arraySync() as number;
        expect(Math.abs(slope - difference)).toBeLessThan(1e-5 * along(0));
      });
    });
  });
});

it('leaves other convolutions to tfjs', () => {
  const gradient = tf.tidy(() => {
    const x: T4 = tf.ones([1, 3, 3, 1]);
    return tf
      .grad((filter) => tf.sum(tf.conv2d(x, filter as T4, 1, 'same')))(tf.ones([3, 3, 1, 1]))
      .dataSync();
  });
  // Each element of the filter meets as many ones as pixels lie under it.
  expect([...gradient]).toEqual([4, 6, 4, 6, 9, 6, 4, 6, 4]);
});
