import * as tf from '@tensorflow/tfjs-core';
import { float32, prepareTfGradients, type NdArray, type Program } from '@kindred/core';
import { createEagerEngine } from '@kindred/core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectClose, numbers } from '../../test/support.js';
import { loadModel } from '../runtime/model.js';
import { createStatelessExecutable } from '../runtime/stateless-executable.js';
import { WorkerPool } from '../runtime/worker-pool.js';
import { recordProgram } from '../trace/record-program.js';

import { prepared } from './calibration.js';
import { drawnImages, residualProgram } from '../../test/residual-program.js';

const pool = new WorkerPool(1, 1, (thread, model: Parameters<typeof loadModel>[1], threads) =>
  loadModel(thread, model, { threads }),
);
const eager = createEagerEngine();
beforeAll(prepareTfGradients);
afterAll(() => pool.close());

/** The operators that are left after folding, and how the folded graph's results differ from tfjs'. */
async function folded(program: Program, input: Record<string, NdArray>) {
  const operators: string[] = [];
  const executable = createStatelessExecutable(
    program,
    pool,
    () => undefined,
    (...args) => {
      const recorded = recordProgram(...args);
      const { graph } = prepared(recorded.graph);
      operators.push(...graph.nodes.map(({ op }) => op));
      return { ...recorded, graph };
    },
  );
  const results = await executable.run(input);
  const expected = await (await eager.compile(program)).run(input);
  for (const [name, array] of Object.entries(expected)) expectClose(results[name] as NdArray, array, 1e-5, name);
  return operators;
}

const x = { x: numbers([2, 6, 6, 3], 1) };
const kernel = numbers([3, 3, 3, 4], 2);
const vector = (seed: number) => numbers([4], seed);
const conv = (input: tf.Tensor | undefined, filter: tf.Tensor | undefined) =>
  tf.conv2d(input as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same');

describe('folding leaves the results as they are, to 1e-5, and no operator between convolutions', () => {
  it('in a residual network with paddings and normalisation', async () => {
    const operators = await folded(residualProgram(), { images: drawnImages(2, 3) });
    expect(operators.filter((op) => op === 'Conv')).toHaveLength(4);
    for (const op of ['BatchNormalization', 'Pad']) expect(operators).not.toContain(op);
    // One for the pixels, one for the shortcut.
    expect(operators.filter((op) => op === 'Add')).toHaveLength(1);
  });

  it.each<[string, (y: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => tf.Tensor]>([
    ['a sum', (y, a) => tf.add(y, a)],
    ['a sum, the constant first', (y, a) => tf.add(a, y)],
    ['a difference', (y, a) => tf.sub(y, a)],
    ['a difference from a constant', (y, a) => tf.sub(a, y)],
    ['a product and a sum', (y, a, b) => tf.add(tf.mul(y, a), b)],
    ['a quotient by a number', (y, a) => tf.add(tf.div(y, 3), a)],
  ])('of a convolution and %s', async (_, after) => {
    const program: Program = {
      name: 'affine',
      constants: { kernel, a: vector(3), b: vector(4) },
      run: ({ inputs, constants: c }) => ({
        y: tf.relu(after(conv(inputs['x'], c['kernel']), c['a'] as tf.Tensor, c['b'] as tf.Tensor)),
      }),
    };
    const operators = await folded(program, x);
    expect(operators.filter((op) => !['Transpose', 'Conv', 'Relu'].includes(op))).toEqual([]);
  });

  it('of matrix products', async () => {
    const program: Program = {
      name: 'dense',
      constants: { w: numbers([5, 4], 5), a: vector(6), b: vector(7) },
      run: ({ inputs, constants: c }) => ({
        y: tf.add(tf.mul(tf.matMul(inputs['x'] as tf.Tensor2D, c['w'] as tf.Tensor2D), c['a'] as tf.Tensor), c['b']!),
      }),
    };
    expect(await folded(program, { x: numbers([3, 5], 8) })).toEqual(['Gemm']);
  });
});

it('a mean pixel is taken away from whole rows of pixels, with the same result', async () => {
  const program: Program = {
    name: 'pixels',
    constants: { mean: float32([3], [1, 2, 3]), kernel },
    run: ({ inputs, constants: c }) => ({
      y: conv(tf.sub(inputs['x'] as tf.Tensor, c['mean'] as tf.Tensor), c['kernel']),
    }),
  };
  await folded(program, x);
  const { graph } = prepared(recordProgram(program, { x: { dtype: 'float32', shape: [2, 6, 6, 3] } }).graph);
  expect(graph.nodes.find(({ op }) => op === 'Sub')?.inputs[1]?.shape).toEqual([6, 3]);
});

describe('folding leaves alone', () => {
  it('a convolution whose result is used twice', async () => {
    const program: Program = {
      name: 'twice',
      constants: { kernel, a: vector(3) },
      run({ inputs, constants: c }) {
        const y = conv(inputs['x'], c['kernel']);
        return { y: tf.relu(y), z: tf.mul(y, c['a'] as tf.Tensor) };
      },
    };
    expect(await folded(program, x)).toContain('Mul');
  });

  it('a constant that differs inside of a channel', async () => {
    const program: Program = {
      name: 'map',
      constants: { kernel, map: numbers([6, 6, 1], 4) },
      run: ({ inputs, constants: c }) => ({ y: tf.mul(conv(inputs['x'], c['kernel']), c['map'] as tf.Tensor) }),
    };
    expect(await folded(program, x)).toContain('Mul');
  });

  it('zeros around numbers of both signs before a maximum: its own padding is the smallest number', async () => {
    const program: Program = {
      name: 'pool',
      run: ({ inputs }) => {
        const around: [[number, number], [number, number], [number, number], [number, number]] = [
          [0, 0],
          [1, 1],
          [1, 1],
          [0, 0],
        ];
        return { y: tf.maxPool(tf.pad4d(inputs['x'] as tf.Tensor4D, around), 3, 2, 'valid') };
      },
    };
    const negative = float32(
      [1, 4, 4, 1],
      Array.from({ length: 16 }, (_, i) => -1 - i),
    );
    expect(await folded(program, { x: negative })).toContain('Pad');
  });
});
