import { afterEach } from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import type { Engine, NdArrays, Program } from '@kindred/core';

import { createOnnxEngine, type OnnxEngineOptions } from '../src/engine.js';

import { numbers } from './support.js';

/** Makes engines, each of which is disposed after the test that made it. To be called once in a file. */
export function engineMaker(): (options?: OnnxEngineOptions) => Engine {
  const engines: Engine[] = [];
  afterEach(async () => {
    await Promise.all(engines.splice(0).map((engine) => engine.dispose()));
  });
  return (options = { workers: 1 }) => {
    const engine = createOnnxEngine(options);
    engines.push(engine);
    return engine;
  };
}

export const doubled: Program = { name: 'doubled', run: ({ inputs }) => ({ y: tf.mul(inputs.x as tf.Tensor, 2) }) };

/** Takes long enough to be overtaken by anything else a test does, or to be killed within. */
export const slow: Program = {
  name: 'slow',
  run({ inputs }) {
    let y = inputs.x as tf.Tensor2D;
    for (let i = 0; i < 40; i++) y = tf.tanh(tf.matMul(y, y));
    return { y };
  },
};
/** What `slow` is slow on. */
export const large: NdArrays = { x: numbers([700, 700]) };
