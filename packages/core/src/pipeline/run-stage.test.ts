import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { float32 } from '../tensor/nd-array.js';
import { prepareTf } from '../tensor/tf-runtime.js';
import { createTestContext } from '../testing/test-context.js';

import { runStage } from './run-stage.js';

beforeAll(prepareTf);

/** Twice the features, by an engine that runs so many at once; and the rows of each run. */
async function doubled(rows: number, concurrency: number) {
  const context = createTestContext();
  const features = float32(
    [rows, 2],
    Float32Array.from({ length: rows * 2 }, (_, i) => i),
  );
  const runs: number[] = [];
  const stage = {
    constants: {},
    apply(_: unknown, x: tf.Tensor) {
      runs.push(x.shape[0]);
      return { twice: tf.mul(x, 2) };
    },
  };
  const engine = { ...context.engine, concurrency };
  const { twice } = await runStage('twice', stage, features, { engine, signal: context.signal });
  expect(twice).toEqual(float32([rows, 2], features.data.map((value) => value * 2))); // prettier-ignore
  return runs;
}

describe('a stage is run on features', () => {
  it.each<[string, number, number, number[]]>([
    ['divided among workers', 1500, 2, [750, 750]],
    ['in one piece, if they are few', 300, 2, [300]],
    ['in as many parts as are worth it', 600, 4, [300, 300]],
    ['a single row', 1, 2, [1]],
    ['in parts of one shape', 1501, 2, [751, 751]],
    ['in bounded memory', 10_000, 2, [2500, 2500, 2500, 2500]],
    ['in bounded memory, one run after another', 10_000, 1, [3334, 3334, 3334]],
  ])('%s', async (_, rows, concurrency, runs) => {
    expect(await doubled(rows, concurrency)).toEqual(runs);
  });
});
