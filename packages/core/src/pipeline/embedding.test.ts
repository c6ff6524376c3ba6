import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { kindredErrorOf } from '../../test/support/catch-error.js';
import { equalError } from '../metrics/verification/equal-error.js';
import { rankPairs } from '../metrics/verification/rank-pairs.js';
import { rocCurve } from '../metrics/verification/roc-curve.js';
import { defineHead } from '../plugin/define.js';
import type { Threshold } from '../plugin/contract.js';
import { float32, uint8, type NdArray } from '../tensor/nd-array.js';
import { prepareTf } from '../tensor/tf-runtime.js';
import { createTestContext } from '../testing/test-context.js';

import { distanceBlocks, distanceProgram } from './embedding-distances.js';
import { comparePairs } from './embedding-pairs.js';
import { chooseDistance } from './embedding-thresholds.js';
import { createMatcher } from './match.js';
import type { BranchPlan } from './plan.js';
import type { BranchState } from './state.js';

beforeAll(prepareTf);

type Distances = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;
const manhattan: Distances = (a, b) => tf.sum(tf.abs(tf.sub(tf.expandDims(a, 1), tf.expandDims(b, 0))), -1);

/** A branch whose embedding is the feature itself. */
function branchWith(distances: Distances, threshold?: Partial<Threshold>): BranchPlan {
  const component = defineHead({
    name: 'plain',
    version: 1,
    summary: 'Features are embeddings.',
    options: z.strictObject({}),
    tags: { embedding: true },
    create: () => ({
      network: { init: () => ({}), forward: (_, x) => tf.mul(x, 1) },
      loss: (output) => tf.mean(output),
      distances: (_, a, b) => distances(a, b),
    }),
  });
  const bound = { options: {}, plugin: 'test', reference: { use: 'plain' } };
  return {
    name: 'faces',
    transforms: [],
    head: { ...bound, kind: 'head', component },
    ...(threshold && { threshold: { ...bound, kind: 'threshold', component: threshold as Threshold } }),
  };
}

const state: BranchState = {
  transforms: [],
  head: { spec: { features: 1, labels: ['a', 'b'], samples: 4, positives: [2, 2] }, weights: {} },
};
const column = (...values: number[]) => float32([values.length, 1], values);
const oneHot = (...columns: number[]): NdArray<'uint8'> => {
  const width = Math.max(1, ...columns) + 1;
  return uint8([columns.length, width], columns.flatMap((own) => Array.from({ length: width }, (_, j) => Number(j === own)))); // prettier-ignore
};

describe('distances between embeddings', () => {
  it('are those of all images, in blocks of one shape', async () => {
    const ctx = createTestContext();
    const embeddings = float32(
      [600, 2],
      Float32Array.from({ length: 1200 }, (_, i) => (i * 37) % 101),
    );
    const program = await distanceProgram(branchWith(manhattan), state, ctx);
    const seen = new Map<string, number>();
    for await (const block of distanceBlocks(program, embeddings, ctx)) {
      expect(block.distances).toHaveLength(256 * 256);
      for (let r = 0; r < block.rows; r++) {
        for (let c = 0; c < block.columns; c++) {
          seen.set(`${block.row + r} ${block.column + c}`, block.distances[r * block.stride + c] ?? NaN);
        }
      }
    }
    const at = (row: number, j: number) => embeddings.data[row * 2 + j] ?? NaN;
    for (let i = 0; i < 600; i += 7) {
      for (let j = i; j < 600; j++) {
        // Whole numbers: exact in float32.
        expect(seen.get(`${i} ${j}`)).toBe(Math.abs(at(i, 0) - at(j, 0)) + Math.abs(at(i, 1) - at(j, 1)));
      }
    }
  });

  it.each<[string, Distances]>([
    ['negative', (a, b) => tf.neg(tf.add(manhattan(a, b), 1))],
    ['not a number', (a, b) => tf.log(tf.sub(manhattan(a, b), 10))],
    ['of another shape', (a, b) => tf.sum(manhattan(a, b), 1)],
  ])('must not be %s', async (_, distances) => {
    const part = { x: column(1, 2, 3), y: oneHot(0, 0, 1) };
    const error = await kindredErrorOf(() => comparePairs(branchWith(distances), state, part, createTestContext()));
    expect([error.code, error.message]).toEqual([
      'KINDRED_PLUGIN_RESULT',
      expect.stringContaining("'faces.distances'"),
    ]);
  });

  it('are not needed of no images', async () => {
    const part = { x: float32([0, 1]), y: uint8([0, 2]) };
    const { existing } = await comparePairs(branchWith(manhattan), state, part, createTestContext());
    expect(existing).toEqual({ same: 0, different: 0 });
  });
});

describe('the threshold of embeddings', () => {
  const part = { x: column(0, 1, 10, 12, 30, 33), y: oneHot(0, 0, 1, 1, 2, 2) };

  it('is a score at the equal error rate, with a note of what it does', async () => {
    const { values, notes } = await chooseDistance(branchWith(manhattan), state, part, createTestContext());
    const pairs = await comparePairs(branchWith(manhattan), state, part, createTestContext());
    // All pairs of the same are within 3, others from 9 on: the middle of the gap.
    expect([equalError(rocCurve(rankPairs(pairs))), values]).toEqual([{ rate: 0, distance: 6 }, [-6]]);
    expect(notes).toEqual([
      'At the distance 6.00, 0.0 % of 12 held-out pairs of different images are taken for the same, and 0.0 % of 3 pairs of the same are not.',
    ]);
  });

  it('is what a component chooses from pairs', async () => {
    const choose: Threshold['choose'] = (_, { labels, scores, targets }) => {
      expect([labels, scores.shape, targets.data.reduce((sum, one) => sum + one, 0)]).toEqual([['same'], [15, 1], 3]);
      return { values: [-9], notes: ['chosen'] };
    };
    const branch = branchWith(manhattan, { name: 'own', choose });
    const { values, notes } = await chooseDistance(branch, state, part, createTestContext());
    expect([values, notes[0], notes[1]]).toEqual([[-9], 'chosen', expect.stringContaining('8.3 % of 12')]);
  });

  it.each([
    ['of the same label', [0, 1, 2, 3, 4, 5]],
    ['of different labels', [0, 0, 0, 0, 0, 0]],
  ])('needs pairs %s', async (which, shown) => {
    const labels = { ...part, y: oneHot(...shown) };
    const error = await kindredErrorOf(() => chooseDistance(branchWith(manhattan), state, labels, createTestContext()));
    expect([error.code, error.message]).toEqual([
      'KINDRED_CALIBRATION_DATA',
      expect.stringContaining(`There are none ${which}.`),
    ]);
  });

  it.each([[[]], [[NaN]], [[1, 2]]])('must be one finite value, not %j', async (values) => {
    const branch = branchWith(manhattan, { name: 'own', choose: () => ({ values, notes: [] }) });
    const error = await kindredErrorOf(() => chooseDistance(branch, state, part, createTestContext()));
    expect(error.code).toBe('KINDRED_PLUGIN_RESULT');
  });
});

describe('matches', () => {
  it('are the nearest image of each name, the nearest name first', async () => {
    const thresholds = { values: [-2], notes: [] };
    const matcher = await createMatcher(branchWith(manhattan), { ...state, thresholds }, createTestContext());
    const known = { names: ['far', 'near', 'far'], embeddings: column(20, 5, 10) };
    expect(await matcher.match(column(4, 8), known)).toEqual([
      [{ name: 'near', distance: 1, same: true }, { name: 'far', distance: 6, same: false }], // prettier-ignore
      [{ name: 'far', distance: 2, same: true }, { name: 'near', distance: 3, same: false }], // prettier-ignore
    ]);
    expect(await matcher.match(column(4, 8), undefined)).toEqual([[], []]);
    expect(matcher.threshold).toBe(2);
  });
});
