import { readFileSync } from 'node:fs';

import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { descent, pick, services, squaredError } from '../../test/support/training.js';
import type { OptimizerModel } from '../plugin/contract.js';
import { float32 } from '../tensor/nd-array.js';

import { memoryBatches } from './memory-batches.js';
import type { TrainingTask } from './task.js';
import { trainNetwork } from './train-network.js';

interface Case {
  readonly optimizer: 'sgd' | 'adam';
  readonly clipNorm?: number;
  /** Of the first and of the second layer. */
  readonly factors?: readonly [number, number];
  /** Whether the rate is halved in each epoch, a little at every step. */
  readonly halving?: boolean;
  readonly warmup?: number;
  readonly norms: readonly number[];
  readonly rates: readonly number[];
  readonly weights: Readonly<Record<string, readonly number[]>>;
}

// tools/fixtures/make_schedules.py: three epochs of three steps with PyTorch, in double precision.
const reference = JSON.parse(readFileSync(new URL('./fixtures/steps.json', import.meta.url), 'utf8')) as {
  readonly rate: number;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly initial: { readonly 'first/w': readonly number[]; readonly 'second/w': readonly number[] };
  readonly cases: readonly Case[];
};

/** Adam by its formulas. */
const adam = (learningRate: number): OptimizerModel => ({
  learningRate,
  slots: ['mean', 'square'],
  update({ weight, gradient, slots, step, learningRate: rate }) {
    const mean = tf.add(tf.mul(pick(slots, 'mean'), 0.9), tf.mul(gradient, 0.1));
    const square = tf.add(tf.mul(pick(slots, 'square'), 0.999), tf.mul(tf.square(gradient), 0.001));
    const unbiased = tf.div(mean, tf.sub(1, tf.pow(0.9, step)));
    const root = tf.sqrt(tf.div(square, tf.sub(1, tf.pow(0.999, step))));
    const move = tf.mul(rate, tf.div(unbiased, tf.add(root, 1e-8)));
    return { weight: tf.sub(weight, move), slots: { mean, square } };
  },
});

const { initial } = reference;
const task: TrainingTask = {
  name: 'two layers',
  initial: {
    'first/w': { value: float32([3, 4], [...initial['first/w']]) },
    'second/w': { value: float32([4, 1], [...initial['second/w']]) },
  },
  objective: (batch, weights) =>
    squaredError(batch, (x) =>
      tf.matMul(tf.tanh(tf.matMul(x, pick(weights, 'first/w'))), pick<tf.Tensor>(weights, 'second/w')),
    ),
};
const y = { dtype: 'uint8', shape: [11, 1], data: Uint8Array.from(reference.y) } as const;
const batches = memoryBatches({ x: float32([11, 3], [...reference.x]), y }, { batchSize: 4 });

describe('three epochs end where PyTorch ends', () => {
  const titled = reference.cases.map((item) => {
    const { optimizer, clipNorm, factors, halving, warmup } = item;
    return [JSON.stringify({ optimizer, clipNorm, factors, halving, warmup }), item] as const;
  });

  it.each(titled)('with %s', async (_, { optimizer, clipNorm, factors, halving, warmup, norms, rates, weights }) => {
    const { weights: trained, history } = await trainNetwork(
      task,
      batches,
      {
        epochs: 3,
        optimizer: { sgd: descent, adam }[optimizer](reference.rate),
        ...(clipNorm !== undefined && { clipNorm }),
        ...(warmup !== undefined && { warmup }),
        ...(halving && { schedule: ({ position }) => 0.5 ** position }),
        ...(factors && { learningRateFactor: (name) => factors[name === 'first/w' ? 0 : 1] }),
      },
      services(),
    );
    for (const [name, values] of Object.entries(weights)) {
      values.forEach((value, i) => {
        // Nine steps in single precision, of weights up to 3: 2e-7 each; Adam divides by small roots in the first.
        expect(Math.abs((trained[name]?.data[i] ?? NaN) - value), `${name}[${i}]`).toBeLessThan(1e-5);
      });
    }
    history.forEach(({ gradientNorm, learningRate }, epoch) => {
      expect(gradientNorm).toBeCloseTo(norms[epoch] ?? NaN, 4);
      expect(learningRate).toBeCloseTo(rates[epoch] ?? NaN, 12);
    });
  });

  it('leaves a weight of factor 0 as it was, bit for bit', async () => {
    const options = {
      epochs: 1,
      optimizer: descent(0.1),
      learningRateFactor: (name: string) => Number(name !== 'first/w'),
    };
    const { weights } = await trainNetwork(task, batches, options, services());
    expect(weights['first/w']).toEqual(task.initial['first/w']?.value);
    expect(weights['second/w']).not.toEqual(task.initial['second/w']?.value);
  });
});
