import { uint8 } from '@kindred/core';
import { createTestContext } from '@kindred/core/testing';
import { describe, expect, it } from 'vitest';

import { fitAndApply, largestError, matrix } from '../../../test/run-estimator.js';
import { readCases, rows } from '../fixtures/read.js';

import { platt } from './platt.js';
import { sigmoidFit } from './sigmoid-fit.js';

const cases = readCases<{ slope: number }>('platt');
const column = (values: readonly number[]) => uint8([values.length, 1], values);

describe.each(cases)("platt equals scikit-learn's sigmoid calibration: $name", ({ x, y, at, expected }) => {
  it('in the slope', () => {
    const { slope } = sigmoidFit({ scores: Float32Array.from(x), targets: Uint8Array.from(y) });
    // Their optimizer stops at a gradient of 1e-6.
    expect(slope / expected.slope).toBeCloseTo(1, 4);
  });

  it('in probabilities', async () => {
    const { data } = await fitAndApply(platt, {}, matrix(rows(x)), matrix(rows(at)), column(y));
    expect(largestError(data, expected.asked)).toBeLessThan(1e-5);
  });
});

describe('platt', () => {
  it('reaches the minimum: the mean probability is the mean of the targets, and errors do not lean with the scores', () => {
    const { x, y } = cases[0]!;
    const { centre, slope, intercept } = sigmoidFit({ scores: Float32Array.from(x), targets: Uint8Array.from(y) });
    const positives = y.filter(Boolean).length;
    const [low, high] = [1 / (y.length - positives + 2), (positives + 1) / (positives + 2)];
    const errors = x.map(
      (score, i) => 1 / (1 + Math.exp(-(slope * (score - centre) + intercept))) - (y[i] ? high : low),
    );
    // The two derivatives of the likelihood; rounding of the likelihood itself, about 40, hides smaller ones.
    expect(errors.reduce((sum, error) => sum + error, 0)).toBeCloseTo(0, 7);
    expect(errors.reduce((sum, error, i) => sum + error * x[i]!, 0)).toBeCloseTo(0, 7);
  });

  it('stays finite where scores tell all images apart', async () => {
    const x = matrix(rows([-3, -2, -1, 1e4, 2e4, 3e4]));
    const { data } = await fitAndApply(platt, { minPerClass: 3 }, x, x, column([0, 0, 0, 1, 1, 1]));
    expect([...data].every((value, i) => (i < 3 ? value < 0.5 : value > 0.5))).toBe(true);
  });

  it('gives the share of positives, smoothed as its targets are, where all scores are equal, and says so', async () => {
    const x = matrix(rows([7, 7, 7, 7, 7, 7, 7, 7]));
    const data = { x, y: column([1, 1, 1, 1, 1, 0, 0, 0]), labels: ['normal'] };
    const { tensors, notes } = await platt.fit({ minPerClass: 3 }, data, createTestContext());
    expect(tensors['slope']!.data[0]).toBe(0);
    // The mean target: 5 times 6 / 7 and 3 times 1 / 5.
    const share = (5 * (6 / 7) + 3 * (1 / 5)) / 8;
    expect(1 / (1 + Math.exp(-tensors['intercept']!.data[0]!))).toBeCloseTo(share, 6);
    expect(notes).toEqual([
      'The scores of "normal" say nothing: of two held-out images the one that carries it has the higher score in 50.0 % of all pairs. ' +
        'Calibrated probabilities cannot be better than that.',
    ]);
  });
});
