import type { OneClassEvaluation } from '@kindred/core';
import type { SearchSummary } from '@kindred/core/host';
import { describe, expect, it } from 'vitest';

import { plainStyle } from '../terminal/style.js';

import { formatEvaluation } from './evaluation.js';
import { formatSearch } from './search.js';

const floors = { frequency: 0.5, nothing: 0.5, 'most-frequent': 0.5, everything: 0.5 };
const evaluation: OneClassEvaluation = {
  format: 1,
  kind: 'one-class',
  samples: 450,
  bootstrap: { resamples: 1000, level: 0.95 },
  metrics: [
    {
      ...{ name: 'AUROC', metric: 'auroc@1', options: {}, higherIsBetter: true, headline: true, value: 0.9955 },
      ...{ interval: { lower: 0.989, upper: 0.999 }, floor: { predictor: 'frequency', value: 0.5 }, floors },
    },
  ],
  normals: 150,
  others: 300,
  threshold: -597.25,
  falseAlarmRate: { value: 0.02, interval: { lower: 0.0068, upper: 0.0571 }, images: 150 },
  detectionRate: { value: 0.98, interval: { lower: 0.957, upper: 0.9908 }, images: 300 },
  scores: {
    normal: { minimum: -700, lowerQuartile: -100, median: 12.5, upperQuartile: 100, maximum: 300 },
    other: null,
  },
  reliability: [
    { probability: 0.0125, share: 0.02, count: 290 },
    { probability: 0.95, share: 1, count: 160 },
  ],
};

describe("a detector's evaluation", () => {
  it('tells what the threshold does, and how far scores are apart', () => {
    expect(formatEvaluation('main', evaluation, plainStyle, false)).toEqual([
      'main: 150 normal images, 300 others',
      '  metric  value  interval        floor  reached by',
      '  AUROC   0.996  0.989 to 0.999  0.500  frequency',
      '  Intervals: 95 % of 1,000 resamples of the images.',
      '',
      '  at the threshold -597.250                         share  interval',
      '  false alarms (normal images below the threshold)    2 %  0.7 % to 5.7 %',
      '  detections (others below the threshold)            98 %  95.7 % to 99.1 %',
      '',
      '  scores of    lowest      25 %  median     75 %  highest',
      '  normal     -700.000  -100.000  12.500  100.000  300.000',
      '  --verbose lists how often each probability came true.',
    ]);
  });

  it('lists how often probabilities came true where asked', () => {
    expect(formatEvaluation('main', evaluation, plainStyle, true).slice(-3)).toEqual([
      '  probability of normal  came true  images',
      '                  0.013      0.020     290',
      '                  0.950      1.000     160',
    ]);
  });

  it('says where there is nothing to count', () => {
    const alone = { ...evaluation, others: 0, detectionRate: null, reliability: null };
    const lines = formatEvaluation('main', alone, plainStyle, false);
    expect(lines).toContain('  detections (others below the threshold)           none to count');
    expect(lines.at(-1)).toContain('normal');
  });
});

describe('a search', () => {
  const options = (k: number) => ({ 'branches.main.detector.neighbours': k });
  const search: SearchSummary = {
    ...{ branch: 'main', metric: 'AUROC', higherIsBetter: true, images: 150, seeds: [1, 2], best: 1 },
    trials: [
      { options: options(900), values: [], mean: null, error: 'Too few images.' },
      { options: options(1), values: [0.99, 0.98], mean: 0.985 },
      { options: options(5), values: [0.985, 0.985], mean: 0.985 },
      { options: options(7), values: [0.999, 0.95], mean: 0.9745 },
    ],
  };

  it('is a table, best first, of equal ones the first as listed, what failed last', () => {
    expect(formatSearch(search, plainStyle, false)).toEqual([
      'search of main: AUROC on 150 validation images, 4 choices',
      '     detector.neighbours  mean of seeds 1, 2  lowest to highest',
      '  *  1                                 0.985  0.980 to 0.990',
      '     5                                 0.985  0.985 to 0.985',
      '     7                                 0.975  0.950 to 0.999',
      '     900                                   -  Too few images.',
      '  * was taken: the best mean, of equal ones the first as listed.',
    ]);
  });

  it('of a metric that should be low begins with the lowest', () => {
    const [, , first] = formatSearch({ ...search, higherIsBetter: false, best: 3 }, plainStyle, false);
    expect(first).toContain('7');
  });

  it('shows the best of many, and all where asked', () => {
    const trials = Array.from({ length: 25 }, (_, i) => ({ options: options(i), values: [i], mean: i }));
    const many = { ...search, trials, best: 24 };
    expect(formatSearch(many, plainStyle, false).slice(-2)[0]).toBe('  5 more: --verbose lists all.');
    expect(formatSearch(many, plainStyle, true)).toHaveLength(1 + 1 + 25 + 1);
  });
});
