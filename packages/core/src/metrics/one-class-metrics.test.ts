import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import type { Metric, MetricInput } from '../plugin/contract.js';
import { float32, uint8 } from '../tensor/nd-array.js';

import { auprOut } from './aupr-out.js';
import { brier } from './brier.js';
import { defaultCalibrationMetrics, defaultOneClassMetrics } from './default-metrics.js';
import { expectedCalibrationError } from './expected-calibration-error.js';
import { fprAtTpr } from './fpr-at-tpr.js';
import { reliabilityCurve } from './reliability-curve.js';

interface Curve {
  bins: number;
  strategy: 'uniform' | 'quantile';
  share: number[];
  probability: number[];
  count: number[];
  error: number;
}
interface Case {
  name: string;
  scores: number[];
  targets: number[];
  expected: { auprOut: number; fprAtTpr: Record<string, number>; brier: number; curves: Curve[] };
}
const { cases } = JSON.parse(readFileSync(new URL('fixtures/one-class.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};

function input(scores: readonly number[], targets: readonly number[]): MetricInput {
  const shape = [scores.length, 1];
  const decisions = scores.map((score) => Number(score >= 0.5));
  return {
    labels: ['normal'],
    scores: float32(shape, scores),
    targets: uint8(shape, targets),
    decisions: uint8(shape, decisions),
  };
}
const compute = (metric: Metric, scored: MetricInput, options: object = {}) =>
  metric.compute(metric.options.parse(options), scored).value;

describe.each(cases)('scikit-learn agrees: $name', ({ scores, targets, expected }) => {
  const scored = input(scores, targets);

  // Both add float64 numbers; only the order differs.
  it('on aupr-out', () => expect(compute(auprOut, scored)).toBeCloseTo(expected.auprOut, 9));
  it('on brier', () => expect(compute(brier, scored)).toBeCloseTo(expected.brier, 9));

  it.each(Object.entries(expected.fprAtTpr))('on fpr-at-tpr with tpr = %s', (tpr, value) => {
    expect(compute(fprAtTpr, scored, { tpr: Number(tpr) })).toBeCloseTo(value, 9);
  });

  it.each(expected.curves)('on $bins bins by $strategy', ({ bins, strategy, share, probability, count, error }) => {
    const curve = reliabilityCurve(Float32Array.from(scores), Uint8Array.from(targets), { bins, strategy });
    expect(curve.map((bin) => bin.count)).toEqual(count);
    curve.forEach((bin, i) => {
      expect(bin.share).toBeCloseTo(share[i]!, 9);
      expect(bin.probability).toBeCloseTo(probability[i]!, 9);
    });
    expect(compute(expectedCalibrationError, scored, { bins, strategy })).toBeCloseTo(error, 9);
  });
});

describe('fpr-at-tpr', () => {
  it('lets a tie through as a whole', () => {
    expect(compute(fprAtTpr, input([0.9, 0.5, 0.5, 0.5, 0.1], [1, 1, 0, 0, 0]))).toBeCloseTo(2 / 3, 12);
  });

  it('keeps 19 of 20, and not all, for .95', () => {
    const normal = Array.from({ length: 20 }, (_, i) => 1 - i / 100);
    expect(compute(fprAtTpr, input([...normal, 0.815], [...normal.map(() => 1), 0]))).toBe(0);
  });

  it('takes scores that are no probabilities', () => {
    expect(compute(fprAtTpr, input([-1e6, 3e5, -2e6], [1, 1, 0]))).toBe(0);
  });

  it.each([
    [1, 1],
    [0, 0],
  ])('is not defined for targets of %d alone', (...targets) => {
    expect(compute(fprAtTpr, input([0.2, 0.4], targets))).toBeNaN();
  });

  it.each([0, 1.01])('refuses tpr = %d', (tpr) => expect(fprAtTpr.options.safeParse({ tpr }).success).toBe(false));
});

describe('expected-calibration-error', () => {
  it('by quantiles gives for counts what it gives for copied images', () => {
    const { scores, targets } = cases[1]!;
    const options = expectedCalibrationError.options.parse({ bins: 7, strategy: 'quantile' });
    const counts = Uint32Array.from(scores, (_, row) => (row * 7) % 4);
    const copied = scores.flatMap((_, row) => Array<number>(counts[row]!).fill(row));
    const direct = input(
      copied.map((row) => scores[row]!),
      copied.map((row) => targets[row]!),
    );
    expect(expectedCalibrationError.resample!(options, input(scores, targets))(counts)).toBeCloseTo(
      expectedCalibrationError.compute(options, direct).value,
      12,
    );
  });

  it('is 0 for certain and right, 1 for certain and wrong probabilities', () => {
    expect(compute(expectedCalibrationError, input([1, 0, 1], [1, 0, 1]))).toBe(0);
    expect(compute(expectedCalibrationError, input([1, 0, 1], [0, 1, 0]))).toBe(1);
  });
});

describe.each([{ metric: brier }, { metric: expectedCalibrationError }])('$metric.name', ({ metric }) => {
  it('refuses scores that are no probabilities', () => {
    expect(() => compute(metric, input([0.5, 1.5], [1, 0]))).toThrow(
      expect.objectContaining({
        code: 'KINDRED_SCORES_INVALID',
        message: `Scores for metric ${metric.name} must be probabilities, between 0 and 1. Got 1.5 in row 1, label "normal".`,
      }) as Error,
    );
  });
});

describe('a reliability curve', () => {
  it('leaves out bins without images', () => {
    expect(reliabilityCurve(Float32Array.of(0, 1), Uint8Array.of(0, 1), { bins: 4 })).toEqual([
      { probability: 0, share: 0, count: 1 },
      { probability: 1, share: 1, count: 1 },
    ]);
  });

  it('of no images has no bins', () => {
    for (const strategy of ['uniform', 'quantile'] as const) {
      expect(reliabilityCurve(new Float32Array(), new Uint8Array(), { strategy })).toEqual([]);
    }
  });
});

describe('the metrics of a detector', () => {
  it('are defined for scores of any size, and those of probabilities for probabilities', () => {
    const far = input([-3e4, 12, 5e5, -1e5], [1, 1, 1, 0]);
    expect(
      defaultOneClassMetrics.map(({ name, metric, options }) => [name, metric.compute(options, far).value]),
    ).toEqual([
      ['AUROC', 1],
      ['AUPR normal', 1],
      ['AUPR other', 1],
      ['FPR at 95 % TPR', 0],
      ['F1', 0.8],
      ['accuracy', 0.75],
    ]);
    const sure = input([1, 0], [1, 0]);
    expect(
      defaultCalibrationMetrics.map(({ name, metric, options }) => [name, metric.compute(options, sure).value]),
    ).toEqual([
      ['ECE', 0],
      ['Brier score', 0],
    ]);
  });

  it('get an interval where they judge the scores alone', () => {
    const headlines = defaultOneClassMetrics.filter(({ metric }) => metric.headline).map(({ name }) => name);
    expect(headlines).toEqual(['AUROC', 'AUPR normal', 'AUPR other', 'FPR at 95 % TPR', 'F1']);
  });
});
