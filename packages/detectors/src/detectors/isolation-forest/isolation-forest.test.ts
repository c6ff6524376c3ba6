import { float32, int32, prepareTf, toNdArray, toTensor, type NdArray, type NdArrays } from '@kindred/core';
import { createTestContext } from '@kindred/core/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { forests, smallForest } from '../../../test/isolation-forest-fixtures.js';
import { fitAndApply, largestError, matrix } from '../../../test/run-estimator.js';

import { averagePathLength } from './average-path-length.js';
import { isolationForest } from './isolation-forest.js';

const fit = (options: object, x: NdArray<'float32'>) =>
  isolationForest.fit(isolationForest.options.parse(options), { x }, createTestContext());

async function apply(tensors: NdArrays, json: object, x: NdArray<'float32'>): Promise<NdArray> {
  await prepareTf();
  const results: NdArray[] = [];
  tf.tidy(() => {
    const given = Object.fromEntries(Object.entries(tensors).map(([name, array]) => [name, toTensor(array)]));
    const state = { options: isolationForest.options.parse({}), tensors: given, json: json as never };
    results.push(toNdArray(isolationForest.apply(state, toTensor(x))));
  });
  return results[0]!;
}

const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const centred = (values: ArrayLike<number>) => Array.from(values, (value) => value - mean(values));
  const [p, q] = [centred(a), centred(b)];
  const dot = (u: number[], v: number[]) => u.reduce((sum, value, i) => sum + value * v[i]!, 0);
  return dot(p, q) / Math.sqrt(dot(p, p) * dot(q, q));
}

/** The share of pairs of a normal row and another in which the normal one scores higher. */
function areaUnderRoc(scores: ArrayLike<number>, normal: readonly number[]): number {
  const of = (kind: number) => Array.from(scores).filter((_, i) => normal[i] === kind);
  const wins = of(1).flatMap((high) => of(0).map((low) => (high > low ? 1 : high === low ? 0.5 : 0)));
  return mean(wins);
}

describe("isolation-forest's scores", () => {
  const { trees, cases, maxSamples } = smallForest;
  const roots = trees.map((_, i) => trees.slice(0, i).reduce((sum, { feature }) => sum + feature.length, 0));
  const depths = trees.map(({ left, right }) => {
    const depth = new Array<number>(left.length).fill(0);
    left.forEach((child, node) => {
      if (child >= 0) depth[child] = depth[right[node]!] = depth[node]! + 1;
    });
    return depth;
  });
  const child = (side: 'left' | 'right') =>
    trees.flatMap((tree, i) => tree[side].map((place, node) => roots[i]! + (place < 0 ? node : place)));
  const pathLengths = trees.flatMap(({ left, samples }, i) =>
    left.map((place, node) => (place < 0 ? depths[i]![node]! + averagePathLength(samples[node]!) : 0)),
  );
  const feature = trees.flatMap((tree) => tree.feature.map((column) => Math.max(0, column)));
  const nodes = feature.length;
  const tensors = {
    roots: int32([roots.length], roots),
    feature: int32([nodes], feature),
    threshold: float32(
      [nodes],
      trees.flatMap(({ threshold }) => threshold),
    ),
    left: int32([nodes], child('left')),
    right: int32([nodes], child('right')),
    pathLength: float32([nodes], pathLengths),
  };

  it.each(cases)("equal scikit-learn's of the same trees, with offset $offset", async ({ offset, fitted, other }) => {
    const json = { columns: 5, depth: Math.max(...depths.flat()), average: averagePathLength(maxSamples), offset };
    // float32 against float64, a few operations on values up to 1.
    expect(largestError((await apply(tensors, json, matrix(smallForest.fit))).data, fitted)).toBeLessThan(1e-6);
    expect(largestError((await apply(tensors, json, matrix(smallForest.other))).data, other)).toBeLessThan(1e-6);
  });

  it('are those of the formula where trees can only be of one shape', async () => {
    // 0 is isolated after one split; both 1s stay together: 1 + c(2).
    const { data } = await fitAndApply(isolationForest, { trees: 3, contamination: 'auto' }, matrix([[0], [1], [1]]));
    const score = (length: number) => 0.5 - 2 ** (-length / averagePathLength(3));
    expect(largestError(data, [score(1), score(2), score(2)])).toBeLessThan(1e-6);
  });

  it.each([0.05, 0.1, 0.5])('are below 0 for a share %d of the training images, if it is told so', async (share) => {
    const { data } = await fitAndApply(isolationForest, { contamination: share }, matrix(forests[0]!.fit));
    expect(data.filter((score) => score < 0)).toHaveLength(share * 160);
  });
});

describe.each(forests)("isolation-forest beside scikit-learn's, both of 200 trees", (expected) => {
  const x = matrix(expected.fit);

  it('gives scores as like as to those of another seed', async () => {
    const { data } = await fitAndApply(
      isolationForest,
      { trees: 200, contamination: 'auto' },
      x,
      matrix(expected.other),
    );
    const found = correlation(data, expected.scores);
    expect(found).toBeGreaterThan(0.97);
    expect(found).toBeGreaterThan(expected.correlationOfSeeds - 0.01);
    expect(Math.abs(mean(data) - mean(expected.scores))).toBeLessThan(0.01);
    expect(Math.abs(areaUnderRoc(data, expected.normal) - mean(expected.auroc))).toBeLessThan(0.01);
  });

  it('grows trees of the same shapes', async () => {
    const count = 1000;
    const { tensors } = await fit({ trees: count }, x);
    const [left, right] = [tensors.left!.data, tensors.right!.data];
    const depth = new Int32Array(left.length);
    const leaves = new Array<number>(9).fill(0);
    left.forEach((child, node) => {
      if (child === node) leaves[depth[node]!]!++;
      else depth[child] = depth[right[node]!] = depth[node]! + 1;
    });
    for (const [at, deviation] of expected.leafDepths.deviation.entries()) {
      // Both means come from a number of trees; four standard errors of their difference.
      const error = deviation * Math.sqrt(1 / count + 1 / 2000);
      expect(Math.abs(leaves[at]! / count - expected.leafDepths.mean[at]!)).toBeLessThanOrEqual(4 * error);
    }
  });
});

describe('isolation-forest', () => {
  const x = matrix(forests[0]!.fit);

  it('gives every image 0 where the training images are all the same, and says so', async () => {
    const same = float32([20, 3], new Float32Array(60).fill(0.1));
    const { notes } = await fit({}, same);
    expect(notes).toEqual([
      'isolation-forest found no feature that varies among the training images: all images get the score 0.',
    ]);
    for (const contamination of ['auto', 0.1]) {
      const { data } = await fitAndApply(
        isolationForest,
        { contamination },
        same,
        matrix([
          [0.1, 0.1, 0.1],
          [9, -9, 0],
        ]),
      );
      // c(n) / c(n), in float32.
      expect(largestError(data, [0, 0])).toBeLessThan(1e-6);
    }
  });

  it.each([
    [{}, 1, '"maxSamples" is auto of 1 training images', 'Give more images.'],
    [{ maxSamples: 100 }, 1, '"maxSamples" is 100 of 1 training images', 'Give more images.'],
    [
      { maxSamples: 0.01 },
      160,
      '"maxSamples" is 0.01 of 160 training images',
      'Set "maxSamples" to a larger share or to "auto".',
    ],
  ])('refuses to grow trees on one image: %j of %d', async (options, rows, what, hint) => {
    await expect(fit(options, float32([rows, 5], x.data.slice(0, rows * 5)))).rejects.toMatchObject({
      code: 'KINDRED_FIT_TOO_FEW',
      message: `isolation-forest must grow each tree on at least 2 images. Got 1: ${what}.`,
      hint,
    });
  });

  it('grows trees on all images and features where more are asked for, and says so', async () => {
    const { tensors, json, notes } = await fit({ maxSamples: 1000, maxFeatures: 6 }, x);
    expect(notes).toEqual([
      'isolation-forest grows each tree on all 160 training images: there are not as many as "maxSamples" asks for (1000).',
      'isolation-forest lets each tree look at all 5 features: there are not as many as "maxFeatures" asks for (6).',
    ]);
    expect({ tensors, json, notes: [] }).toEqual(await fit({ maxSamples: 1 }, x));
  });

  it.each([
    [{ maxSamples: 'auto' }, 160],
    [{ maxSamples: 64 }, 64],
    [{ maxSamples: 0.25 }, 40],
    [{ maxSamples: 1 }, 160],
  ])('grows trees on as many images as %j says', async (options, samples) => {
    const { json } = await fit(options, x);
    expect(json.average).toBe(averagePathLength(samples));
    expect(json.depth).toBeLessThanOrEqual(Math.ceil(Math.log2(samples)));
  });

  it.each([
    [2, 2],
    [0.5, 2],
    [0.1, 1],
    [1, 5],
  ])('lets a tree look at few features: maxFeatures %d of 5', async (maxFeatures, most) => {
    const { tensors } = await fit({ maxFeatures, trees: 20 }, x);
    const used = [...tensors.roots!.data].map((root, i, roots) => {
      const places = Array.from(
        { length: (roots[i + 1] ?? tensors.left!.data.length) - root },
        (_, node) => root + node,
      );
      const inner = places.filter((place) => tensors.left!.data[place] !== place);
      return new Set(inner.map((place) => tensors.feature!.data[place])).size;
    });
    expect(Math.max(...used)).toBe(most);
  });

  it('draws with replacement if told to: of two images a tree has the same one twice, half of the time', async () => {
    const { tensors } = await fit({ bootstrap: true, trees: 400 }, matrix([[0], [1]]));
    // A tree of both has three nodes, one of one has one; sqrt(400) / 2 = 10 is the standard deviation, five of them.
    const ofBoth = (tensors.left!.data.length - 400) / 2;
    expect(Math.abs(ofBoth - 200)).toBeLessThan(50);
  });

  it('does not mind the scale of features', async () => {
    const scaled = float32(
      x.shape,
      x.data.map((value) => value * 1024),
    );
    const one = await fitAndApply(isolationForest, {}, x);
    expect(await fitAndApply(isolationForest, {}, scaled)).toEqual(one);
  });

  it('refuses features of another width', async () => {
    await expect(fitAndApply(isolationForest, {}, x, matrix([[1], [2]]))).rejects.toMatchObject({
      code: 'KINDRED_FEATURES_INVALID',
      message: 'Features for isolation-forest must have the shape [N, 5] that it was fitted on. Got [2, 1].',
    });
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    let grown = 0;
    const advance = () => void (++grown === 3 && controller.abort());
    const progress = { start: () => ({ advance, end: () => undefined }) };
    const ctx = createTestContext({ signal: controller.signal, progress });
    const stopped = isolationForest.fit(isolationForest.options.parse({}), { x }, ctx);
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    expect(grown).toBe(3);
  });

  it.each([
    { trees: 0 },
    { trees: 1.5 },
    { maxSamples: 0 },
    { maxSamples: -1 },
    { maxSamples: 1.5 },
    { maxSamples: 'all' },
    { maxFeatures: 0 },
    { maxFeatures: 2.5 },
    { contamination: 0 },
    { contamination: 0.51 },
    { contamination: -0.1 },
    { contamination: 'none' },
    { maxDepth: 3 },
  ])('refuses the options %j', (options) => {
    expect(isolationForest.options.safeParse(options).success).toBe(false);
  });
});
