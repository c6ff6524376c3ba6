import { createRandom, float32, isKindredError, type NdArray } from '@kindred/core';
import { createTestContext } from '@kindred/core/testing';
import { describe, expect, it } from 'vitest';

import { fitAndApply, largestError, matrix } from '../../../test/run-estimator.js';

import { gaussianMixture } from './gaussian-mixture.js';
import { COVARIANCES } from './mixture.js';

const random = createRandom(5);
const normals = (rows: number, columns: number, spread = 1, centre = 0) =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, () => centre + spread * random.normal()));

/** Two kinds of images, far from each other. */
const kinds = matrix([...normals(60, 4, 1, -8), ...normals(40, 4, 1, 8)]);

const fit = (options: object, x: NdArray<'float32'>, seed = 1) =>
  gaussianMixture.fit(gaussianMixture.options.parse(options), { x }, createTestContext({ random: createRandom(seed) }));

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no error',
    (error: unknown) => (isKindredError(error) ? error.code : String(error)),
  );
}

describe.each(COVARIANCES)('gaussian-mixture of %s covariance', (covariance) => {
  const options = { covariance, components: 2 };

  it('scores images of each kind above those between them', async () => {
    const scores = await fitAndApply(
      gaussianMixture,
      options,
      kinds,
      matrix([...normals(5, 4, 1, -8), ...normals(5, 4, 1, 8), ...normals(5, 4)]),
    );
    const values = [...scores.data];
    expect(scores.shape).toEqual([15]);
    expect(Math.min(...values.slice(0, 10))).toBeGreaterThan(Math.max(...values.slice(10)));
  });

  it.each([0, 0.05, 0.2])('leaves a share of %d of its training images below 0', async (contamination) => {
    const { data } = await fitAndApply(gaussianMixture, { ...options, contamination }, kinds);
    // The lowest may be above or below 0 by rounding alone.
    expect([...data].filter((score) => score < -1e-4).length).toBe(contamination * 100);
  });

  it('gives the same state twice, and an image the same score alone', async () => {
    expect(await fit(options, kinds)).toEqual(await fit(options, kinds));
    const together = await fitAndApply(gaussianMixture, options, kinds);
    const alone = await fitAndApply(gaussianMixture, options, kinds, float32([1, 4], kinds.data.slice(0, 4)));
    expect(largestError(alone.data, [together.data[0]!])).toBeLessThan(1e-5);
  });

  it('finds the shares and means of the kinds', async () => {
    const { json, tensors } = await fit(options, kinds);
    expect([...(json as { weights: number[] }).weights].sort()).toEqual([
      expect.closeTo(0.4, 6),
      expect.closeTo(0.6, 6),
    ]);
    const means = Array.from(tensors.means!.data, (value, i) => value + tensors.centre!.data[i % 4]!);
    // A standard error is 1/sqrt(40).
    for (const mean of means) expect(Math.abs(Math.abs(mean) - 8)).toBeLessThan(0.6);
  });

  it('gives finite scores for equal images, and for one far away', async () => {
    const equal = matrix(Array.from({ length: 6 }, () => [1 / 3, 1e3 / 7]));
    const scores = await fitAndApply(
      gaussianMixture,
      options,
      equal,
      matrix([
        [1 / 3, 1e3 / 7],
        [1e4, 1e4],
      ]),
    );
    expect(scores.data.every(Number.isFinite)).toBe(true);
    expect(scores.data[0]!).toBeGreaterThan(scores.data[1]!);
    const { notes } = await fit(options, equal);
    expect(notes).toContain(
      'There are 1 components instead of 2: too few of the training images differ from each other.',
    );
  });

  it('refuses a covariance without an inverse where nothing is added to it', async () => {
    const flat = matrix(normals(20, 3).map(([a, b]) => [a!, b!, 7]));
    // One variance for all features is not zero because one feature's is.
    const singular = covariance === 'spherical' ? matrix(Array.from({ length: 9 }, () => [1, 2, 3])) : flat;
    expect(await codeOf(fit({ covariance, regularization: 0 }, singular))).toBe('KINDRED_FIT_SINGULAR');
  });

  it('keeps apart what is small beside its offset', async () => {
    const near = normals(50, 2).map((row) => row.map((value) => 1000 + value / 10));
    const { data } = await fitAndApply(
      gaussianMixture,
      { covariance },
      matrix(near),
      matrix([
        [1000, 1000],
        [1001, 1000],
      ]),
    );
    // Ten standard deviations: a log-likelihood lower by 50, give or take the deviation of 50 estimated variances.
    expect(data[0]! - data[1]!).toBeGreaterThan(25);
    expect(data[0]! - data[1]!).toBeLessThan(100);
  });

  it('refuses features of another width', async () => {
    expect(await codeOf(fitAndApply(gaussianMixture, options, kinds, matrix([[1], [2]])))).toBe(
      'KINDRED_FEATURES_INVALID',
    );
  });
});

describe('gaussian-mixture', () => {
  it.each(['k-means', 'k-means++', 'random'])('starts by %s', async (init) => {
    const { json } = await fit({ components: 3, init }, kinds);
    expect(json).toMatchObject({ converged: true });
  });

  it('keeps the likeliest of several starts', async () => {
    const corners = matrix([-20, 0, 20, 40].flatMap((place) => normals(10, 2, 1, place)));
    const options = { components: 4, covariance: 'spherical', init: 'random' };
    const bound = async (starts: number, seed: number) =>
      ((await fit({ ...options, starts }, corners, seed)).json as { lowerBound: number }).lowerBound;
    const single = await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => bound(1, seed)));
    const best = await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => bound(10, seed)));
    expect(Math.min(...single)).toBeLessThan(Math.max(...single) - 0.1);
    expect(Math.min(...best)).toBeGreaterThanOrEqual(Math.max(...single) - 0.1);
  });

  it.each([
    ['one image', {}, 1, 'gaussian-mixture with 1 component must be fitted on at least 2 images. Got 1.'],
    [
      'fewer images than components',
      { components: 4 },
      3,
      'gaussian-mixture with 4 components must be fitted on at least 4 images. Got 3.',
    ],
  ])('refuses %s', async (_, options, rows, message) => {
    await expect(fit(options, matrix(normals(rows, 2)))).rejects.toMatchObject({
      code: 'KINDRED_FIT_TOO_FEW',
      message,
    });
  });

  it.each([
    { components: 0 },
    { components: 1.5 },
    { covariance: 'diag' },
    { regularization: -1 },
    { contamination: 0.6 },
    { starts: 0 },
    { maxIterations: 0 },
    { tol: 1 },
  ])('refuses the options %j', (options) => {
    expect(gaussianMixture.options.safeParse(options).success).toBe(false);
  });

  it.each(['spherical', 'diagonal'])('refuses features whose squares float32 cannot hold: %s', async (covariance) => {
    const large = matrix(normals(10, 2, 1e25));
    expect(await codeOf(fit({ covariance }, large))).toBe('KINDRED_FEATURES_INVALID');
  });

  it('stops on abort', async () => {
    const signal = AbortSignal.abort(new Error('stopped'));
    const filled = gaussianMixture.options.parse({ components: 2 });
    await expect(gaussianMixture.fit(filled, { x: kinds }, createTestContext({ signal }))).rejects.toThrow('stopped');
  });
});

describe('gaussian-mixture of features that a network rectifies', () => {
  // Of 60 features every kind has another third at the least value: a precision of 1e6 there, times squares of float32.
  const rectified = matrix(
    normals(90, 60).map((row, i) => row.map((value, j) => (j % 3 === i % 3 ? -0.7 : 3 + value / 2))),
  );

  it('scores training images in float32 as fitting did in float64', async () => {
    const { json, tensors } = await fit({ components: 3 }, rectified);
    const { iterations, converged } = json as { iterations: number; converged: boolean };
    expect([iterations, converged]).toEqual([2, true]);
    const { data } = await fitAndApply(gaussianMixture, { components: 3 }, rectified);
    const [means, precision, offsets, centre] = ['means', 'precision', 'offsets', 'centre'].map(
      (name) => tensors[name]!.data,
    ) as [Float32Array, Float32Array, Float32Array, Float32Array];
    const expected = Array.from(data, (_, i) =>
      Math.max(
        ...Array.from(offsets, (offset, k) => {
          const squares = Array.from({ length: 60 }, (_, j) => {
            const difference = rectified.data[i * 60 + j]! - centre[j]! - means[k * 60 + j]!;
            return difference ** 2 * precision[k * 60 + j]!;
          });
          return offset - squares.reduce((sum, square) => sum + square, 0) / 2;
        }),
      ),
    );
    for (const [i, score] of expected.entries()) expect(Math.abs(data[i]! - score)).toBeLessThan(1e-3);
  });
});

describe('the notes of gaussian-mixture', () => {
  const notes = async (options: object, x: NdArray<'float32'>) => (await fit(options, x)).notes!.slice(1);

  it('give BIC and AIC, which tell how many kinds there are', async () => {
    const fits = await Promise.all([1, 2, 3].map((components) => fit({ components }, kinds)));
    const criteria = fits.map(({ json }) => json as { bic: number; aic: number });
    expect(Math.min(...criteria.map(({ bic }) => bic))).toBe(criteria[1]!.bic);
    expect(fits[1]!.notes).toEqual([
      `2 components of diagonal covariance: BIC ${criteria[1]!.bic.toPrecision(7)}, AIC ${criteria[1]!.aic.toPrecision(7)}. Lower is better among fits to the same features.`,
    ]);
  });

  it('say that it did not converge', async () => {
    expect(await notes({ components: 3, maxIterations: 2, tolerance: 0 }, kinds)).toEqual([
      expect.stringMatching(
        /^The mixture did not converge: in the last of 2 iterations the mean log-likelihood still changed by \S+, more than the tolerance of 0\. Raise "maxIterations" or "tolerance", or try more "starts"\.$/,
      ),
    ]);
  });

  it.each([
    ['full', 3],
    ['tied', 7],
  ])('say that a %s matrix knows too few images', async (covariance, images) => {
    const few = matrix([...normals(3, 10, 1, -9), ...normals(5, 10, 1, 9)]);
    expect(await notes({ covariance, components: 2 }, few)).toEqual([
      `A covariance matrix of 10 features was estimated from ${images} images: in directions that these do not span, it is the regularization alone, and almost any other image lies far outside. Put "pca" before it, take fewer components, or use "diagonal".`,
    ]);
  });

  it.each(['spherical', 'diagonal'])('say that a component collapsed onto equal images: %s', async (covariance) => {
    const x = matrix([...normals(30, 3), ...Array.from({ length: 5 }, () => [20.1, 20.2, 20.3])]);
    expect(await notes({ covariance, components: 2 }, x)).toEqual([
      '1 of 2 components has collapsed onto a single image or equal ones: all that is left of its variance is the regularization of 0.000001. Take fewer components, or raise "regularization".',
    ]);
  });

  it('say that features do not vary', async () => {
    const x = matrix(normals(30, 3).map(([a, b]) => [a!, b!, 0.1]));
    expect(await notes({}, x)).toEqual([
      '1 of 3 features vary less than the regularization of 0.000001, which stands in for their variance. Scale the features, or lower "regularization".',
    ]);
  });
});
