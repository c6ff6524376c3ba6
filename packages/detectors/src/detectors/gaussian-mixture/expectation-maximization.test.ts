import { readFileSync } from 'node:fs';

import { float32, prepareTf, toNdArray, toTensor, type NdArray } from '@kindred/core';
import { createTestContext } from '@kindred/core/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { largestError, matrix } from '../../../test/run-estimator.js';
import { prepareCentreDistances } from '../../clustering/centre-distances.js';

import { centred } from './centring.js';
import { criteria, parameterCount } from './criteria.js';
import { expectation, mean } from './expectation.js';
import { expectationMaximization } from './expectation-maximization.js';
import { mahalanobis } from './mahalanobis.js';
import { logOffsets, type Covariance, type Mixture } from './mixture.js';
import { createModel } from './model.js';

interface Case {
  covariance: Covariance;
  regularization: number;
  lowerBounds: number[];
  weights: number[];
  means: number[][];
  scores: number[];
  other: number[];
  bic: number;
  aic: number;
  parameters: number;
}
const fixture = JSON.parse(readFileSync(new URL('../fixtures/gaussian-mixture.json', import.meta.url), 'utf8')) as {
  fit: number[][];
  other: number[][];
  start: number[][];
  iterations: number;
  cases: Case[];
};
const { x, centre } = centred(matrix(fixture.fit));
const [rows, columns] = x.shape as [number, number];
const responsibilities = { values: matrix(fixture.start).data, components: 3 };

async function modelOf(
  covariance: Covariance,
  features: NdArray<'float32'>,
  regularization: number,
  ctx = createTestContext(),
) {
  return createModel(ctx, covariance, features, regularization, await prepareCentreDistances(ctx, features, 3));
}

async function run({ covariance, regularization }: Case) {
  const ctx = createTestContext();
  const model = await modelOf(covariance, x, regularization, ctx);
  const start = await model.maximise(responsibilities);
  const stopping = { tolerance: 0, maxIterations: fixture.iterations };
  const estimate = await expectationMaximization(model, start, stopping, ctx);
  const { logLikelihoods } = expectation(await model.distances(estimate.mixture), logOffsets(estimate.mixture));
  await model.dispose();
  return { ...estimate, logLikelihoods };
}

async function scores(covariance: Covariance, mixture: Mixture, features: Float32Array): Promise<Float64Array> {
  await prepareTf();
  const moved = float32(
    [features.length / columns, columns],
    features.map((value, i) => value - centre.data[i % columns]!),
  );
  const distances = tf.tidy(() =>
    mahalanobis[covariance](toTensor(moved), toTensor(mixture.means), toTensor(mixture.precision)),
  );
  const { data } = toNdArray(distances);
  distances.dispose();
  return expectation(Float32Array.from(data), logOffsets(mixture)).logLikelihoods;
}

// Products are float32, scikit-learn's float64; a column of mean 1000 and spread 1 is given in float32 to both.
const TOLERANCE = 1e-4;

describe.each(fixture.cases)('expectation-maximization of $covariance covariance', (expected) => {
  const { covariance } = expected;

  it("follows scikit-learn's from the same start: lower bounds of all iterations, parameters, log-likelihoods", async () => {
    const { mixture, lowerBounds, converged, logLikelihoods } = await run(expected);
    expect(converged).toBe(false);
    expect(largestError(lowerBounds, expected.lowerBounds)).toBeLessThan(TOLERANCE);
    expect(largestError(mixture.weights, expected.weights)).toBeLessThan(TOLERANCE);
    const means = Array.from(mixture.means.data, (value, i) => value + centre.data[i % columns]!);
    expect(largestError(means, expected.means.flat())).toBeLessThan(TOLERANCE);
    expect(largestError(logLikelihoods, expected.scores)).toBeLessThan(TOLERANCE);
    const others = await scores(covariance, mixture, matrix(fixture.other).data);
    expect(largestError(others, expected.other)).toBeLessThan(TOLERANCE);

    const parameters = parameterCount(covariance, 3, columns);
    expect(parameters).toBe(expected.parameters);
    const { bic, aic } = criteria(mean(logLikelihoods), rows, parameters);
    expect(largestError([bic, aic], [expected.bic, expected.aic])).toBeLessThan(TOLERANCE);
  });
});

describe('the E step', () => {
  it('gives a row that is far from everything to one component instead of underflowing', () => {
    const { responsibilities: shares, logLikelihoods } = expectation(
      Float32Array.of(1e6, 1e6 + 4, 0, 0),
      Float64Array.of(Math.log(0.5), Math.log(0.5)),
    );
    // 1 / (1 + exp(-2)), and log-sum-exp by hand.
    expect([...shares]).toEqual([expect.closeTo(0.880797, 6), expect.closeTo(0.119203, 6), 0.5, 0.5]);
    expect(logLikelihoods[0]).toBeCloseTo(-5e5 + Math.log(0.5) + Math.log1p(Math.exp(-2)), 6);
    expect(logLikelihoods[1]).toBeCloseTo(0, 12);
  });
});

/** Two kinds of 20 images; half of the features vary by a thousandth in one kind, where a product of squares in float32 leaves nothing. */
const tightRow = (i: number) =>
  Array.from({ length: 60 }, (_, j) =>
    j % 2 === i % 2 ? (i % 2 ? 3 : -2) + Math.sin(i * j) / 1000 : Math.cos(i * 3 + j * j),
  );
const tightKinds = matrix(Array.from({ length: 40 }, (_, i) => tightRow(i)));

/** Log-densities by their definition, in float64. */
function logDensity({ data }: NdArray<'float32'>, i: number, mixture: Mixture): number {
  const [components, width] = mixture.means.shape as [number, number];
  const logs = Array.from(logOffsets(mixture), (offset, k) => {
    let distance = 0;
    for (let j = 0; j < width; j++) {
      const difference = data[i * width + j]! - mixture.means.data[k * width + j]!;
      distance +=
        difference ** 2 * mixture.precision.data[mixture.precision.data.length === components ? k : k * width + j]!;
    }
    return offset - distance / 2;
  });
  const largest = Math.max(...logs);
  return largest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - largest), 0));
}

describe.each(['spherical', 'diagonal'] as const)('log-likelihoods of %s covariance', (covariance) => {
  it('keep their digits where features hardly vary in a component, far from the centre', async () => {
    const { x: moved } = centred(tightKinds);
    const model = await modelOf(covariance, moved, 1e-8);
    const values = Float32Array.from({ length: 80 }, (_, i) => ((i >> 1) % 2 === i % 2 ? 1 : 0));
    const mixture = await model.maximise({ values, components: 2 });
    const { logLikelihoods } = expectation(await model.distances(mixture), logOffsets(mixture));
    const expected = Array.from(logLikelihoods, (_, i) => logDensity(moved, i, mixture));
    expect(largestError(logLikelihoods, expected)).toBeLessThan(TOLERANCE);
  });
});

describe('the M step', () => {
  // The expanded sum of squares leaves nothing of such a variance in float32.
  it.each(['spherical', 'diagonal'] as const)('keeps small variances far from the centre: %s', async (covariance) => {
    const tight = Array.from({ length: 20 }, (_, i) => [500 + Math.sin(i) / 64, 3 * Math.cos(7 * i)]);
    const { x: moved } = centred(matrix([...tight, ...tight.map(([a, b]) => [-a!, b!])]));
    const model = await modelOf(covariance, moved, 0);
    const values = Float32Array.from({ length: 80 }, (_, i) => ((i >> 1 < 20 ? 0 : 1) === i % 2 ? 1 : 0));
    const { precision } = await model.maximise({ values, components: 2 });
    const variance = (j: number) => {
      const column = tight.map((row) => Math.fround(row[j]!));
      const center = mean(Float64Array.from(column));
      return mean(Float64Array.from(column, (value) => (value - center) ** 2));
    };
    const [first, second] = [variance(0), variance(1)];
    const expected = covariance === 'spherical' ? [2 / (first + second)] : [1 / first, 1 / second];
    expect(largestError(precision.data, [...expected, ...expected])).toBeLessThan(1e-3);
  });

  // Eight images in twelve dimensions: all but seven eigenvalues are the regularization.
  it.each(['tied', 'full'] as const)(
    'keeps a regularization far below the largest variance: %s',
    async (covariance) => {
      const few = matrix(
        Array.from({ length: 8 }, (_, i) => Array.from({ length: 12 }, (_, j) => 30 * Math.sin(i * 5 + j * j))),
      );
      const model = await modelOf(covariance, centred(few).x, 1e-6);
      const { precision, halfLogDeterminants } = await model.maximise({
        values: new Float32Array(8).fill(1),
        components: 1,
      });
      expect(precision.data.every(Number.isFinite)).toBe(true);
      // Five directions or more give log(1e6) / 2 each, the others less than nothing.
      expect(halfLogDeterminants[0]).toBeGreaterThan(2.5 * Math.log(1e6) - 7 * Math.log(100));
    },
  );

  it.each(fixture.cases)('depends on responsibilities alone, not on those before: $covariance', async (expected) => {
    const model = await modelOf(expected.covariance, x, expected.regularization);
    const first = await model.maximise(responsibilities);
    const values = responsibilities.values.map((_, i) => (i % 3 === 0 ? 0.5 : 0.25));
    expect(await model.maximise({ values, components: 3 })).not.toEqual(first);
    expect(await model.maximise(responsibilities)).toEqual(first);
    expect(await model.maximise(responsibilities)).toEqual(first);
    await model.dispose();
  });
});
