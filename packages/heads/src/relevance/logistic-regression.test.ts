import { readFileSync } from 'node:fs';

import { createRandom } from '@kindred/core';
import { describe, expect, it } from 'vitest';

import { rowImportance, type Balance } from './class-importance.js';
import { crossValidate } from './cross-validate.js';
import { stratifiedFolds } from './folds.js';
import { decisions, fitLogistic, type LogisticFit } from './logistic-regression.js';
import { reduceRows } from './reduce-rows.js';
import { auroc, logLoss } from './scores.js';
import { columnScale, standardized, takeRows, unscaled } from './standardize.js';

interface Score {
  readonly C: number;
  readonly logLoss: number;
  readonly auroc: number;
}

// tools/fixtures/make_logistic_regression.py: scikit-learn with a tolerance of 1e-10.
const reference = JSON.parse(readFileSync(new URL('./fixtures/logistic-regression.json', import.meta.url), 'utf8')) as {
  readonly x: readonly (readonly number[])[];
  readonly y: readonly number[];
  readonly fits: readonly {
    readonly C: number;
    readonly classWeights: Balance;
    readonly kernel: readonly number[];
    readonly bias: number;
  }[];
  readonly crossValidation: {
    readonly folds: readonly number[];
    readonly scores: readonly Score[];
    readonly chosen: number;
  };
};

const width = reference.x[0]?.length ?? 0;
const data = Float32Array.from(reference.x.flat());
const y = Uint8Array.from(reference.y);
const exact = { tolerances: [1e-10], maxIterations: 10_000, onIteration: () => Promise.resolve() };

describe('fitLogistic', () => {
  it.each(reference.fits)("has scikit-learn's coefficients at C $C, class weights $classWeights", async (expected) => {
    const rows = takeRows({ data, width }, Array.from(y.keys()));
    const scale = columnScale(rows);
    const importance = rowImportance(expected.classWeights, y);
    const [fit] = await fitLogistic(standardized(rows, scale), { y, importance }, { ...exact, C: expected.C });
    expect(fit?.converged).toBe(true);
    const { kernel, bias } = unscaled(fit?.weights ?? new Float64Array(), scale);
    // Both are solved to a gradient of 1e-10; at C 0.001 that still leaves an error of some 1e-8 of the largest weight.
    const size = Math.max(...expected.kernel.map(Math.abs));
    kernel.forEach((value, j) => {
      expect(Math.abs(value - expected.kernel[j]!)).toBeLessThan(1e-6 * Math.max(size, 1e-3));
    });
    expect(Math.abs(bias / expected.bias - 1)).toBeLessThan(1e-5);
  });

  it('stays finite where classes are separable and almost nothing is penalised', async () => {
    const rows = { count: 4, width: 1, values: Float64Array.of(-2, -1, 1, 2) };
    const truth = Uint8Array.of(0, 0, 1, 1);
    const options = { ...exact, C: 1e9, maxIterations: 1000 };
    const [{ weights }] = (await fitLogistic(
      rows,
      { y: truth, importance: rowImportance('none', truth) },
      options,
    )) as [LogisticFit];
    expect(weights.every(Number.isFinite)).toBe(true);
    expect(weights[0]).toBeGreaterThan(5);
    expect(Array.from(decisions(rows, weights), (z) => z > 0)).toEqual([false, false, true, true]);
  });
});

describe('crossValidate', () => {
  it('scores as scikit-learn does in the same folds, and finds the same C', async () => {
    const { folds, scores, chosen } = reference.crossValidation;
    const grid = { C: scores.map(({ C }) => C), tolerances: exact.tolerances };
    const fitting = { ...exact, classWeights: 'balanced', onFit: () => undefined } as const;
    const found = await crossValidate({ data, width, y }, folds, grid, fitting);
    found.forEach((score, i) => {
      expect(score.logLoss).toBeCloseTo(scores[i]!.logLoss, 6);
      expect(score.auroc).toBeCloseTo(scores[i]!.auroc, 10);
    });
    expect(found.reduce((one, other) => (other.logLoss < one.logLoss ? other : one)).C).toBe(chosen);
  });
});

describe('reduceRows', () => {
  /** More columns than rows, a row twice and a row of zeros. */
  const wide = () => {
    const random = createRandom(3);
    const values = Float64Array.from({ length: 12 * 40 }, () => random.normal());
    values.copyWithin(40, 0, 40).fill(0, 80, 120);
    return { count: 12, width: 40, values };
  };
  const truth = Uint8Array.from({ length: 12 }, (_, i) => Number(i % 3 === 0));
  const importance = rowImportance('balanced', truth);

  it('gives the weights that the rows themselves give, at any tolerance', async () => {
    const reduced = reduceRows(wide());
    expect([reduced.rows.count, reduced.rows.width]).toEqual([12, 12]);
    const options = { ...exact, C: 0.5, tolerances: [0.1, 0.01, 1e-10] };
    const direct = await fitLogistic(wide(), { y: truth, importance }, options);
    const fits = await fitLogistic(reduced.rows, { y: truth, importance }, { ...options, size: reduced.size });
    fits.forEach(({ weights, converged }, i) => {
      expect(converged).toBe(true);
      // The same steps, with products summed in another order.
      reduced.expand(weights).forEach((value, j) => expect(value).toBeCloseTo(direct[i]!.weights[j]!, 8));
    });
  });

  it('leaves rows alone that are at least as many as their columns', () => {
    const rows = { count: 3, width: 2, values: Float64Array.of(1, 2, 3, 4, 5, 6) };
    expect(reduceRows(rows).rows).toBe(rows);
  });
});

describe('stratifiedFolds', () => {
  it('deals both classes evenly, in another order for another seed', () => {
    const truth = Uint8Array.from({ length: 103 }, (_, i) => Number(i % 4 === 0));
    const folds = stratifiedFolds(truth, 5, createRandom(1));
    for (let fold = 0; fold < 5; fold++) {
      const rows = folds.flatMap((value, row) => (value === fold ? [row] : []));
      expect([20, 21]).toContain(rows.length);
      expect([5, 6]).toContain(rows.filter((row) => truth[row] === 1).length);
    }
    expect(stratifiedFolds(truth, 5, createRandom(1))).toEqual(folds);
    expect(stratifiedFolds(truth, 5, createRandom(2))).not.toEqual(folds);
  });
});

describe('scores', () => {
  it('count a tie one half in the area under the ROC curve', () => {
    expect(auroc(Float64Array.of(1, 2, 2, 3), Uint8Array.of(0, 0, 1, 1))).toBe(3.5 / 4);
    expect(auroc(Float64Array.of(0, 0, 0), Uint8Array.of(0, 1, 1))).toBe(0.5);
  });

  it('have a log-loss that no logit overflows', () => {
    expect(logLoss(Float64Array.of(-1000, 0), Uint8Array.of(1, 0), Float64Array.of(1, 3))).toBeCloseTo(
      (1000 + 3 * Math.log(2)) / 4,
      9,
    );
  });
});
