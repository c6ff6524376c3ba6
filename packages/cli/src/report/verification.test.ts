import type { EvaluateResult } from '@kindred/core/host';
import { describe, expect, it } from 'vitest';

import { plainStyle } from '../terminal/style.js';

import { formatEvaluation } from './evaluation.js';

type Verification = Extract<EvaluateResult['evaluations'][string], { kind: 'verification' }>;

const interval = { lower: 0.01, upper: 0.05 };
const evaluation: Verification = {
  format: 1,
  kind: 'verification',
  samples: 2400,
  identities: 40,
  bootstrap: { resamples: 200, level: 0.95 },
  metrics: [
    {
      name: 'EER',
      metric: 'equal-error-rate@1',
      options: {},
      higherIsBetter: false,
      headline: true,
      value: 0.0312,
      interval,
      floor: { predictor: 'nothing', value: 0.5 },
      floors: { frequency: 0.5, nothing: 0.5, 'most-frequent': 0.5, everything: 0.5 },
    },
  ],
  pairs: { same: 70_800, different: 1_000_000, existing: { same: 70_800, different: 2_808_000 } },
  threshold: 0.84,
  equalErrorThreshold: 0.8123,
  falseMatchRate: { value: 0.03, interval, pairs: 1_000_000 },
  falseNonMatchRate: null,
  oneShot: [{ ways: 5, shots: 1, tasks: 1000, grouped: true, accuracy: 0.9, interval, floor: 0.2 }],
  roc: [
    { falseMatchRate: 0, trueMatchRate: 0, falseNonMatchRate: 1, distance: null },
    { falseMatchRate: 1, trueMatchRate: 1, falseNonMatchRate: 0, distance: 3 },
  ],
};

describe('the report of verification', () => {
  it('says what the threshold does to pairs, and that they are a sample', () => {
    expect(formatEvaluation('faces', evaluation, plainStyle, false)).toEqual([
      'faces: 2,400 images of 40 labels, 70,800 same and 1,000,000 different pairs',
      '  metric  value  interval        floor  reached by',
      '  EER     0.031  0.010 to 0.050  0.500  nothing',
      '  Intervals: 95 % of 200 resamples of what the images show.',
      '',
      '  at the distance 0.840                                     share  interval',
      '  false matches (different pairs no further apart)            3 %  1 % to 5 %',
      '  false non-matches (same pairs further apart)      none to count',
      '  On these images both are equally frequent at the distance 0.812.',
      '  The pairs are a sample, drawn at random, of 70,800 same and 2,808,000 different ones.',
      "  N-way accuracy: 1,000 tasks drawn at random, each with labels of one group, with Wilson's interval.",
      '  --verbose lists the ROC curve.',
    ]);
  });

  it('lists the ROC curve where it is asked for', () => {
    expect(formatEvaluation('faces', evaluation, plainStyle, true).slice(-3)).toEqual([
      '  distance  different pairs taken for the same  same pairs found',
      '         -                                 0 %               0 %',
      '     3.000                               100 %             100 %',
    ]);
  });
});
