import { createTestContext } from '@kindred/core/testing';
import { float32, uint8 } from '@kindred/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { fitAndApply, largestError, matrix } from '../../../test/run-estimator.js';
import { readCases, rows } from '../fixtures/read.js';

import { isotonicFit } from './isotonic-fit.js';
import { isotonic } from './isotonic.js';

const cases = readCases<{ knots: number[]; values: number[] }>('isotonic');
const column = (values: readonly number[]) => uint8([values.length, 1], values);

describe.each(cases)("isotonic equals scikit-learn's IsotonicRegression: $name", ({ x, y, at, expected }) => {
  it('in knots and values', () => {
    const { knots, values } = isotonicFit({ scores: Float32Array.from(x), targets: Uint8Array.from(y) });
    expect(knots).toEqual(expected.knots);
    expect(largestError(values, expected.values)).toBeLessThan(1e-12);
  });

  it('in probabilities, clipped outside of the scores it was fitted on', async () => {
    const { data } = await fitAndApply(isotonic, {}, matrix(rows(x)), matrix(rows(at)), column(y));
    // float32 against float64. A score is rounded before it is compared with a knot: where the line is steep that shows.
    expect(largestError(data, expected.asked)).toBeLessThan(2e-5);
  });
});

describe('isotonic', () => {
  it('never falls, and stays within 0 and 1', () => {
    const pair = fc.tuple(fc.float({ min: -50, max: 50, noNaN: true }), fc.integer({ min: 0, max: 1 }));
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 40 }), (pairs) => {
        const { knots, values } = isotonicFit({
          scores: Float32Array.from(pairs, ([score]) => score),
          targets: Uint8Array.from(pairs, ([, target]) => target),
        });
        return knots.every(
          (knot, i) =>
            (i === 0 || (knot > knots[i - 1]! && values[i]! >= values[i - 1]!)) && values[i]! >= 0 && values[i]! <= 1,
        );
      }),
    );
  });

  it('is a step where scores tell all images apart, and halfway between in the middle', async () => {
    const x = matrix(rows([1, 2, 3, 5, 6, 7]));
    const { data } = await fitAndApply(
      isotonic,
      { minPerClass: 3 },
      x,
      matrix(rows([-9, 3, 4, 5, 99])),
      column([0, 0, 0, 1, 1, 1]),
    );
    expect([...data]).toEqual([0, 0, 0.5, 1, 1]);
  });

  it('rises at once between scores that float32 can hardly tell apart', async () => {
    const x = [0, 1e-44, 1, 1 + 2 ** -23];
    const { data } = await fitAndApply(
      isotonic,
      { minPerClass: 2 },
      matrix(rows(x)),
      matrix(rows(x)),
      column([0, 1, 0, 1]),
    );
    expect([...data].every((value, i, all) => Number.isFinite(value) && value >= (all[i - 1] ?? 0))).toBe(true);
    expect(data.at(-1)).toBe(1);
  });

  it('fits each label by itself', async () => {
    const x = matrix([[1, -1], [2, -2], [3, -3], [4, -4]]); // prettier-ignore
    const y = uint8([4, 2], [0, 1, 0, 1, 1, 0, 1, 0]);
    const { data } = await fitAndApply(isotonic, { minPerClass: 2 }, x, x, y);
    expect([...data]).toEqual([0, 1, 0, 1, 1, 0, 1, 0]);
  });

  it('gives every image the same where the scores point the wrong way, and says so', async () => {
    const x = float32([4, 1], [1, 2, 3, 4]);
    const { tensors, notes } = await isotonic.fit(
      { minPerClass: 2 },
      { x, y: column([1, 1, 0, 0]), labels: ['normal'] },
      createTestContext(),
    );
    expect([...tensors['values']!.data]).toEqual([0.5, 0.5]);
    expect(notes).toEqual([
      'The scores of "normal" point the wrong way: of two held-out images the one that carries it has the higher score in 0.0 % of all pairs. ' +
        'Calibrated probabilities cannot be better than that.',
    ]);
  });
});
