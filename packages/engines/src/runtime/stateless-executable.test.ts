import * as tf from '@tensorflow/tfjs-core';
import { float32, type Engine } from '@kindred/core';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { createOnnxEngine } from '../engine.js';

let engine: Engine;
beforeEach(() => {
  engine = createOnnxEngine({ workers: 1 });
});
afterEach(() => engine.dispose());

// In this file's process nothing has loaded tfjs' gradients yet.
it('a program that takes gradients and keeps nothing gets them, of the inputs it was given', async () => {
  const slope = await engine.compile({
    name: 'slope',
    run: ({ inputs }) => ({ y: tf.grad((x) => tf.sum(tf.square(x)))(inputs.x as tf.Tensor) }),
  });
  const x = float32([2], [1, 2]);
  const run = slope.run({ x });
  x.data.fill(9);
  expect(await run).toEqual({ y: float32([2], [2, 4]) });
});

it('a kernel that has no gradient is an error, not a wait', async () => {
  const executable = await engine.compile({
    name: 'rounded',
    run: ({ inputs }) => ({ y: tf.grad((x) => tf.cast(tf.topk(x, 1).indices, 'float32'))(inputs.x as tf.Tensor) }),
  });
  await expect(executable.run({ x: float32([2], [1, 2]) })).rejects.toMatchObject({ code: 'KINDRED_ENGINE_COMPILE' });
});
