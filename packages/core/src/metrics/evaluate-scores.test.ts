import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { createRandom } from '../context/random.js';
import { defineMetric } from '../plugin/define.js';
import { float32, uint8 } from '../tensor/nd-array.js';

import { auroc } from './auroc.js';
import { meanAveragePrecision } from './average-precision.js';
import { defaultMultiLabelMetrics } from './default-metrics.js';
import { evaluateScores, type EvaluationInput } from './evaluate-scores.js';
import type { TrivialPredictor } from './evaluation.js';
import { namedMetric } from './named-metric.js';

const { trivial } = JSON.parse(readFileSync(new URL('fixtures/metrics.json', import.meta.url), 'utf8')) as {
  trivial: {
    training: { positives: number[]; samples: number };
    scores: number[][];
    targets: number[][];
    expected: Record<TrivialPredictor, Record<string, number>>;
  };
};
const labels = ['drama', 'comedy', 'action', 'war', 'sport'];
const example: EvaluationInput = {
  labels,
  scores: float32([30, 5], trivial.scores.flat()),
  targets: uint8([30, 5], trivial.targets.flat()),
  thresholds: [0.5, 0.5, 0.5, 0.8, 0.9],
  training: trivial.training,
  metrics: defaultMultiLabelMetrics,
};
const evaluate = (change: Partial<EvaluationInput> = {}, options = { bootstrap: 200 }) =>
  evaluateScores({ ...example, ...change }, createRandom(1), options);

describe('an evaluation', () => {
  const evaluation = evaluate();
  const find = (name: string) => evaluation.metrics.find((metric) => metric.name === name)!;

  it('survives JSON unchanged', () => {
    expect(JSON.parse(JSON.stringify(evaluation))).toEqual(evaluation);
  });

  it('lists all metrics by name, in order', () => {
    expect(evaluation.metrics.map(({ name }) => name)).toEqual(defaultMultiLabelMetrics.map(({ name }) => name));
    expect(new Set(evaluation.metrics.map(({ name }) => name)).size).toBe(evaluation.metrics.length);
  });

  it('gives headline metrics, and no others, an interval around the value', () => {
    const withInterval = evaluation.metrics.filter(({ interval }) => interval);
    expect(withInterval.map(({ name }) => name)).toEqual(['mAP', 'micro-AP', 'top-3 hit', 'micro-F1', 'macro-F1']);
    for (const { value, interval } of withInterval) {
      expect(interval!.lower).toBeLessThan(interval!.upper);
      expect(interval!.lower).toBeLessThan(value!);
      // Average precision of few positives is biased upwards in resamples: its interval need not be centred.
      expect(interval!.upper).toBeGreaterThan(value!);
    }
  });

  it('writes null for a metric that is not defined: no label has 20 images here', () => {
    expect(find('mAP (labels with 20+ images)')).toMatchObject({ value: null, interval: null, floor: { value: null } });
  });

  const cases = Object.entries(trivial.expected).flatMap(([predictor, values]) =>
    Object.entries(values).map(([name, value]) => ({ predictor: predictor as TrivialPredictor, name, value })),
  );
  it.each(cases)('says what "$predictor" reaches in $name, as scikit-learn does', ({ predictor, name, value }) => {
    // Both add float64 numbers; only the order differs.
    expect(find(name).floors[predictor]).toBeCloseTo(value, 9);
  });

  it.each([
    ['mAP', 'frequency'],
    ['micro-AP', 'frequency'],
    ['top-3 hit', 'frequency'],
    ['micro-F1', 'most-frequent'],
    ['macro-F1', 'everything'],
    // Everything has recall 1: not a floor but a ceiling.
    ['micro-recall', 'most-frequent'],
    ['AUROC', 'frequency'],
  ] as const)('compares %s with "%s"', (name, predictor) => {
    const { floor, floors } = find(name);
    expect(floor).toEqual({ predictor, value: floors[predictor] });
  });

  it('takes the lowest floor where lower is better', () => {
    const { floor, floors } = find('Hamming loss');
    expect(floor.value).toBe(Math.min(...Object.values(floors).map(Number)));
  });

  it('has a row for each label that agrees with the metrics', () => {
    expect(evaluation.labels.map(({ label }) => label)).toEqual(labels);
    expect(evaluation.labels.map(({ f1 }) => f1)).toEqual(find('macro-F1').perLabel);
    expect(evaluation.labels.map(({ averagePrecision }) => averagePrecision)).toEqual(find('mAP').perLabel);
    expect(evaluation.labels.map(({ auroc }) => auroc)).toEqual(find('AUROC').perLabel);
    expect(evaluation.labels.map(({ averagePrecisionFloor }) => averagePrecisionFloor)).toEqual(
      evaluation.labels.map(({ support }) => support / 30),
    );
    expect(evaluation.labels[0]).toMatchObject({ threshold: 0.5, trainingSupport: trivial.training.positives[0] });
  });

  it('writes null in the row of a label that no image carries', () => {
    const targets = uint8([30, 5], trivial.targets.flat());
    for (let row = 0; row < 30; row++) targets.data[row * 5 + 4] = 0;
    expect(evaluate({ targets }).labels[4]).toMatchObject({
      support: 0,
      recall: 0,
      averagePrecision: null,
      averagePrecisionFloor: null,
      auroc: null,
    });
  });

  it('leaves its input unchanged', () => {
    expect([...example.scores.data]).toEqual(Array.from(Float32Array.from(trivial.scores.flat())));
    expect([...example.targets.data]).toEqual(trivial.targets.flat());
  });

  it('has no intervals without a bootstrap', () => {
    const { bootstrap, metrics } = evaluate({}, { bootstrap: 0 });
    expect(bootstrap).toBeNull();
    expect(metrics.every(({ interval }) => interval === null)).toBe(true);
  });

  it('gives a metric without `resample` the interval that `resample` gives', () => {
    const slow = { ...meanAveragePrecision, resample: undefined };
    const [fast, copied] = [namedMetric('fast', meanAveragePrecision, {}), namedMetric('copied', slow, {})];
    const [one, other] = evaluate({ metrics: [fast, copied] }).metrics;
    expect(one!.interval!.lower).toBeCloseTo(other!.interval!.lower, 12);
    expect(one!.interval!.upper).toBeCloseTo(other!.interval!.upper, 12);
  });
});

describe('an evaluation is refused', () => {
  it.each<[string, Partial<EvaluationInput>, string]>([
    [
      'without images',
      { scores: float32([0, 5]), targets: uint8([0, 5]) },
      'An evaluation needs at least one image. Got [ 0, 5 ].',
    ],
    ['with a threshold missing', { thresholds: [0.5] }, 'An evaluation needs 5 finite thresholds. Got [ 0.5 ].'],
    [
      'with a threshold of NaN',
      { thresholds: [0, 0, 0, 0, NaN] },
      'An evaluation needs 5 finite thresholds. Got [ 0, 0, 0, 0, NaN ].',
    ],
    [
      'with training counts of other labels',
      { training: { positives: [1], samples: 3 } },
      'An evaluation needs training counts of 5 labels. Got [ 1 ].',
    ],
    [
      'without training images',
      { training: { positives: [0, 0, 0, 0, 0], samples: 0 } },
      'An evaluation needs at least one training image. Got 0.',
    ],
  ])('%s', (_, change, message) => {
    expect(() => evaluate(change)).toThrow(
      expect.objectContaining({ code: 'KINDRED_SCORES_INVALID', message }) as Error,
    );
  });

  it("where a metric's values by label are not one for each label", () => {
    const short = defineMetric({ ...auroc, name: 'short', compute: () => ({ value: 1, perLabel: [1] }) });
    const metrics = [namedMetric('short', short, {})];
    expect(() => evaluate({ metrics })).toThrow(
      expect.objectContaining({
        code: 'KINDRED_PLUGIN_RESULT',
        message: 'The metric short must give one value for each of 5 labels. Got 1.',
      }) as Error,
    );
  });
});

describe('namedMetric', () => {
  it('fills options with their defaults', () => {
    expect(namedMetric('mAP', meanAveragePrecision, {}).options).toEqual({ minPositives: 1 });
  });

  it('refuses options that do not fit', () => {
    expect(() => namedMetric('mAP', meanAveragePrecision, { minPositives: 0 })).toThrow(z.ZodError);
  });
});
