import * as tf from '@tensorflow/tfjs-core';
import { float32, withLayer, type NdArrays, type Program } from '@kindred/core';
import { describe, expect, it } from 'vitest';

import { doubled, engineMaker } from '../test/engines.js';

const engineWith = engineMaker();

describe('errors', () => {
  const refused: [string, Program, NdArrays, object][] = [
    [
      'a missing input',
      doubled,
      { z: float32([2]) },
      { code: 'KINDRED_ENGINE_INPUT', message: 'The program doubled must be given the input "x". Got z: float32[2].' },
    ],
    [
      'a read of a value',
      { name: 'reading', run: ({ inputs: { x } }) => ({ y: tf.scalar(x?.dataSync()[0] ?? 0) }) },
      { x: float32([2]) },
      { code: 'KINDRED_ENGINE_DATA_DEPENDENT' },
    ],
    [
      'a kernel without lowering',
      { name: 'unlucky', run: ({ inputs: { x } }) => ({ y: tf.unique(x as tf.Tensor1D).values }) },
      { x: float32([2]) },
      { code: 'KINDRED_ENGINE_KERNEL', received: 'Unique' },
    ],
    [
      'a complex tensor',
      { name: 'complex', run: ({ inputs: { x } }) => ({ y: tf.complex(x as tf.Tensor, x as tf.Tensor) }) },
      { x: float32([2]) },
      { code: 'KINDRED_ENGINE_KERNEL' },
    ],
    [
      'shapes that do not fit',
      { name: 'product', run: ({ inputs: { x } }) => ({ y: tf.matMul(x as tf.Tensor, x as tf.Tensor) }) },
      { x: float32([2, 3]) },
      { code: 'KINDRED_ENGINE_COMPILE', message: expect.stringContaining('x: float32[2, 3]') as string },
    ],
    [
      'an output that is no tensor',
      // As a program in plain JavaScript may do.
      { name: 'number', run: () => ({ y: 3 as unknown as tf.Tensor }) },
      {},
      { code: 'KINDRED_ENGINE_COMPILE' },
    ],
    [
      'a promise',
      { name: 'promise', run: () => Promise.resolve({}) as unknown as Record<string, tf.Tensor> },
      {},
      { code: 'KINDRED_ENGINE_COMPILE' },
    ],
    [
      'an exception while gradients are taken',
      {
        name: 'thrower',
        run: ({ inputs: { x } }) => {
          tf.grad((a) => {
            tf.exp(a);
            throw new Error('no');
          })(x as tf.Tensor);
          return {};
        },
      },
      { x: float32([2]) },
      { code: 'KINDRED_ENGINE_COMPILE' },
    ],
  ];
  it.each(refused)('refuse %s, and leave tfjs as it was', async (_, program, inputs, error) => {
    const executable = await engineWith().compile(program);
    const [backend, tensors] = [tf.getBackend(), tf.memory().numTensors];
    await expect(executable.run(inputs)).rejects.toMatchObject(error);
    expect([tf.getBackend(), tf.memory().numTensors]).toEqual([backend, tensors]);
    const working = await engineWith().compile(doubled);
    expect(await working.run({ x: float32([1], [1]) })).toEqual({ y: float32([1], [2]) });
  });

  it('name what onnxruntime has to say when a run fails', async () => {
    const executable = await engineWith().compile({
      name: 'out of range',
      run: ({ inputs }) => ({ y: tf.gather(inputs.x as tf.Tensor, tf.cast(inputs.i as tf.Tensor, 'int32')) }),
    });
    const run = executable.run({ x: float32([2]), i: float32([1], [9]) });
    await expect(run).rejects.toMatchObject({
      code: 'KINDRED_ENGINE_RUN',
      message: expect.stringContaining('indices') as string,
    });
  });
});

describe('a named layer', () => {
  it('is told of, where a program reads values in it', async () => {
    const executable = await engineWith().compile({
      name: 'network',
      run: ({ inputs: { x } }) => ({ y: withLayer('choice', () => tf.scalar(x?.dataSync()[0] ?? 0)) }),
    });
    await expect(executable.run({ x: float32([2]) })).rejects.toMatchObject({
      code: 'KINDRED_ENGINE_DATA_DEPENDENT',
      message: expect.stringContaining('It happened in the layer choice.') as string,
    });
  });

  it('is told of, where a program cannot be recorded because of it', async () => {
    const executable = await engineWith().compile({
      name: 'network',
      run: ({ inputs: { x } }) => ({
        y: withLayer('backbone', () =>
          withLayer('dilation', () => tf.dilation2d(x as tf.Tensor4D, tf.ones([1, 1, 1]), 1, 'valid')),
        ),
      }),
    });
    await expect(executable.run({ x: float32([1, 2, 2, 1]) })).rejects.toMatchObject({
      code: 'KINDRED_ENGINE_KERNEL',
      message: expect.stringContaining('uses Dilation2D in the layer backbone/dilation, which') as string,
    });
  });
});
