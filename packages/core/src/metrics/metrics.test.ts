import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import type { Metric, MetricInput, MetricValue } from '../plugin/contract.js';
import { float32, uint8 } from '../tensor/nd-array.js';

import { accuracy, hammingLoss, subsetAccuracy } from './accuracy.js';
import { auroc } from './auroc.js';
import { meanAveragePrecision, microAveragePrecision } from './average-precision.js';
import { metricComponents } from './components.js';
import { f1, precision, recall } from './precision-recall-f1.js';
import { topKHit } from './top-k-hit.js';

type Value = number | null;
interface Averages {
  micro: Value;
  macro: Value;
  perLabel: Value[];
}
interface Case {
  name: string;
  scores: number[][];
  targets: number[][];
  thresholds: number[];
  expected: {
    averagePrecision: Averages & { atLeastFour: Value };
    auroc: Averages;
    topK: Record<string, Value>;
    precision: Averages;
    recall: Averages;
    f1: Averages;
    hammingLoss: number;
    accuracy: number;
    accuracyPerLabel: number[];
    subsetAccuracy: number;
  };
}
const fixture = JSON.parse(readFileSync(new URL('fixtures/metrics.json', import.meta.url), 'utf8')) as {
  cases: Case[];
  singleLabelTopK: Pick<Case, 'scores' | 'targets'> & { expected: Record<string, number> };
};

function input({ scores, targets, thresholds }: Pick<Case, 'scores' | 'targets'> & Partial<Case>): MetricInput {
  const labels = (scores[0] ?? []).map((_, j) => `label ${j}`);
  const shape = [scores.length, labels.length];
  const rounded = float32(shape, scores.flat());
  return {
    labels,
    scores: rounded,
    targets: uint8(shape, targets.flat()),
    decisions: uint8(
      shape,
      Array.from(rounded.data, (score, i) => Number(score >= (thresholds?.[i % labels.length] ?? 0.5))),
    ),
  };
}

function compute(metric: Metric, scored: MetricInput, options: object = {}): MetricValue {
  return metric.compute(metric.options.parse(options), scored);
}

/** Equal to 1e-9, which leaves room for the order of float64 additions alone; null is NaN. */
function expectValue(actual: number | undefined, expected: Value): void {
  if (expected === null) expect(actual).toBeNaN();
  else expect(actual).toBeCloseTo(expected, 9);
}

function expectPerLabel(actual: MetricValue, expected: Value[]): void {
  expect(actual.perLabel).toHaveLength(expected.length);
  expected.forEach((value, j) => expectValue(actual.perLabel![j], value));
}

describe.each(fixture.cases)('metrics equal scikit-learn: $name', (example) => {
  const scored = input(example);
  const { expected } = example;

  it('mean-average-precision', () => {
    const value = compute(meanAveragePrecision, scored);
    expectValue(value.value, expected.averagePrecision.macro);
    expectPerLabel(value, expected.averagePrecision.perLabel);
    expectValue(
      compute(meanAveragePrecision, scored, { minPositives: 4 }).value,
      expected.averagePrecision.atLeastFour,
    );
  });

  it('micro-average-precision', () => {
    expectValue(compute(microAveragePrecision, scored).value, expected.averagePrecision.micro);
  });

  it('auroc', () => {
    const value = compute(auroc, scored);
    expectValue(value.value, expected.auroc.macro);
    expectPerLabel(value, expected.auroc.perLabel);
  });

  it.each([
    [precision, expected.precision],
    [recall, expected.recall],
    [f1, expected.f1],
  ] as const)('$name', (metric, { micro, macro, perLabel }) => {
    expectValue(compute(metric, scored, { average: 'micro' }).value, micro);
    expectValue(compute(metric, scored, { average: 'macro' }).value, macro);
    expectPerLabel(compute(metric, scored), perLabel);
  });

  it('accuracy of two labels that exclude each other is the share of images whose label is right', () => {
    const targets = [0, 1, 1, 0, 1, 0, 0, 1, 1, 0];
    const decisions = [0, 1, 0, 1, 1, 0, 1, 0, 1, 0];
    const scored = {
      labels: ['cat', 'dog'],
      scores: float32([5, 2], decisions),
      targets: uint8([5, 2], targets),
      decisions: uint8([5, 2], decisions),
    };
    expect(accuracy.compute({}, scored)).toEqual({ value: 3 / 5, perLabel: [3 / 5, 3 / 5] });
    expect(subsetAccuracy.compute({}, scored).value).toBe(3 / 5);
  });

  it('hamming-loss, accuracy, subset-accuracy', () => {
    expectValue(compute(hammingLoss, scored).value, expected.hammingLoss);
    expectValue(compute(accuracy, scored).value, expected.accuracy);
    expectPerLabel(compute(accuracy, scored), expected.accuracyPerLabel);
    expectValue(compute(subsetAccuracy, scored).value, expected.subsetAccuracy);
  });

  it.each([1, 2, 3])('top-k-hit with k = %i, ties by enumeration', (k) => {
    expectValue(compute(topKHit, scored, { k }).value, expected.topK[k]!);
  });
});

describe('top-k-hit', () => {
  it.each([1, 2, 3])("equals scikit-learn's top_k_accuracy_score with one label an image, k = %i", (k) => {
    const { expected, ...example } = fixture.singleLabelTopK;
    expectValue(compute(topKHit, input(example), { k }).value, expected[k]!);
  });

  it('counts every image with a label when k reaches past the labels', () => {
    const scored = input({ scores: [[0.1, 0.9]], targets: [[1, 0]] });
    expect(compute(topKHit, scored, { k: 9 }).value).toBe(1);
  });
});

describe.each(metricComponents.map((metric) => ({ metric })))('$metric.name', ({ metric }) => {
  it('is not defined without images', () => {
    const shape = [0, 2];
    const empty = { labels: ['a', 'b'], scores: float32(shape), targets: uint8(shape), decisions: uint8(shape) };
    expect(compute(metric, empty).value).toBeNaN();
  });

  it('gives for counts what it gives for copied images', () => {
    const { scores, targets, thresholds } = fixture.cases[1]!;
    const counts = Uint32Array.from(scores, (_, row) => (row * 7) % 4);
    const copied = scores.flatMap((_, row) => Array<number>(counts[row]!).fill(row));
    const direct = input({
      scores: copied.map((row) => scores[row]!),
      targets: copied.map((row) => targets[row]!),
      thresholds,
    });
    const options = metric.options.parse({});
    const resampled = metric.resample!(options, input({ scores, targets, thresholds }))(counts);
    expect(resampled).toBeCloseTo(metric.compute(options, direct).value, 12);
  });

  it('names the place of a score that is not finite', () => {
    const scored = input({
      scores: [
        [0.1, 0.2],
        [0.3, NaN],
      ],
      targets: [
        [1, 0],
        [0, 1],
      ],
    });
    expect(() => compute(metric, scored)).toThrow(
      expect.objectContaining({
        code: 'KINDRED_SCORES_INVALID',
        message: `Scores for metric ${metric.name} must be finite numbers. Got NaN in row 1, label "label 1".`,
      }) as Error,
    );
  });
});

describe('what a metric is given', () => {
  const valid = input({ scores: [[0.1, 0.9]], targets: [[0, 1]] });
  it.each<[string, Partial<MetricInput>, string]>([
    [
      'a column for each label',
      { labels: ['a'] },
      'The scores for metric f1 must have the shape [N, 1], a column for each label. Got [1, 2].',
    ],
    [
      'a row of targets for each row of scores',
      { targets: uint8([2, 2]) },
      'The targets for metric f1 must have as many rows as the scores, 1. Got 2.',
    ],
    [
      'targets of 0 and 1',
      { targets: uint8([1, 2], [0, 2]) },
      'Targets for metric f1 must be 0 or 1. Got 2 in row 0, label "label 1".',
    ],
    [
      'decisions of 0 and 1',
      { decisions: uint8([1, 2], [7, 1]) },
      'Decisions for metric f1 must be 0 or 1. Got 7 in row 0, label "label 0".',
    ],
  ])('must have %s', (_, change, message) => {
    expect(() => compute(f1, { ...valid, ...change })).toThrow(message);
  });
});
