import { KindredError } from '@kindred/core';
import type { EvaluateResult, TrainResult } from '@kindred/core/host';
import { describe, expect, it } from 'vitest';

import { plainStyle } from '../terminal/style.js';

import { summarizeEvaluation } from './evaluate.js';
import { formatEvaluation } from './evaluation.js';
import { shellQuote } from './shell-quote.js';
import { summarizeTraining } from './training.js';

type Evaluation = EvaluateResult['evaluations'][string];

const floors = { frequency: 0.4, nothing: 0.3, 'most-frequent': 0.35, everything: 0.3 };
const label = {
  label: 'Drama',
  support: 60,
  trainingSupport: 1234,
  threshold: 0.42,
  precision: 0.8,
  recall: 0.75,
  f1: 0.774,
  averagePrecision: 0.81,
  averagePrecisionFloor: 0.6,
  auroc: 0.9,
};
const evaluation: Evaluation = {
  format: 1,
  kind: 'multi-label',
  samples: 100,
  labelsPerSample: 1.5,
  bootstrap: { resamples: 1000, level: 0.95 },
  metrics: [
    {
      name: 'recall',
      metric: 'recall@1',
      options: {},
      higherIsBetter: true,
      headline: false,
      value: 0.5,
      interval: null,
      floor: { predictor: 'everything', value: 1 },
      floors,
    },
    {
      name: 'mean-average-precision',
      metric: 'mean-average-precision@1',
      options: {},
      higherIsBetter: true,
      headline: true,
      value: 0.7251,
      interval: { lower: 0.68, upper: 0.77 },
      floor: { predictor: 'frequency', value: 0.4 },
      floors,
    },
  ],
  labels: [label, { ...label, label: 'War', support: 0, auroc: null, averagePrecision: null, threshold: 0.5 }],
};

describe('formatEvaluation', () => {
  const table = [
    '  label  images  trained on  precision  recall     F1     AP  AP floor  AUROC  threshold',
    '  Drama      60       1,234      0.800   0.750  0.774  0.810     0.600  0.900      0.420',
    '  War         0       1,234      0.800   0.750  0.774      -     0.600      -      0.500',
  ];

  it('puts headlines beside their intervals and floors', () => {
    expect(formatEvaluation('genres', evaluation, plainStyle, false)).toEqual([
      'genres: 100 images, 1.50 labels an image',
      '  metric                  value  interval        floor  reached by',
      '  mean-average-precision  0.725  0.680 to 0.770  0.400  frequency',
      '  Intervals: 95 % of 1,000 resamples of the images.',
      '',
      ...table,
    ]);
  });

  it('adds the other metrics where asked', () => {
    expect(formatEvaluation('genres', evaluation, plainStyle, true).slice(1, 4)).toEqual([
      '  metric                  value  interval        floor  reached by',
      '  mean-average-precision  0.725  0.680 to 0.770  0.400  frequency',
      '  recall                  0.500                  1.000  everything',
    ]);
  });

  it('lists more than 30 labels only where asked', () => {
    const many = { ...evaluation, labels: Array.from({ length: 31 }, () => label) };
    expect(formatEvaluation('genres', many, plainStyle, false).at(-1)).toBe('  31 labels: --verbose lists each.');
    expect(formatEvaluation('genres', many, plainStyle, true)).toHaveLength(1 + 3 + 1 + 2 + 31);
  });
});

const error = new KindredError('KINDRED_IMAGE_EMPTY', { message: 'An image must not be empty.' });
const skipped = Array.from({ length: 12 }, (_, i) => ({ id: `${i}`, location: `photos/${i}.jpg`, error }));
const result: TrainResult = {
  bundle: `${process.cwd()}/runs/my genres`,
  data: { samples: 1000, labels: ['Drama', 'War'], train: 790, validation: 99, test: 99, duplicates: 1, skipped },
  features: { fromStore: 900, computed: 88 },
  evaluations: { genres: { ...evaluation, labels: [] } },
  history: {
    genres: [
      { epoch: 1, loss: 0.69, learningRate: 0.001 },
      { epoch: 2, loss: 0.41, learningRate: 0.00025, validationLoss: 0.5 },
    ],
  },
  notes: ['War has no threshold of its own.'],
};

it('summarizeTraining tells data, features, losses, metrics, notes, and what comes next', () => {
  expect(summarizeTraining(result, plainStyle, false)).toEqual([
    'data      1,000 images, 2 labels (790 train, 99 validation, 99 test); 1 copy of others among them',
    'features  900 from the store, 88 computed',
    'loss      genres: 0.6900 to 0.4100 in 2 epochs, on validation 0.5000, learning rate 0.00100 to 0.000250',
    'bundle    runs/my genres',
    'skipped 12 images that could not be read:',
    ...Array.from({ length: 10 }, (_, i) => `  photos/${i}.jpg: An image must not be empty.`),
    '  and 2 more: --verbose names all.',
    '',
    'genres: 100 images, 1.50 labels an image',
    '  metric                  value  interval        floor  reached by',
    '  mean-average-precision  0.725  0.680 to 0.770  0.400  frequency',
    '  Intervals: 95 % of 1,000 resamples of the images.',
    '',
    '  label  images  trained on  precision  recall  F1  AP  AP floor  AUROC  threshold',
    '',
    'notes',
    '  War has no threshold of its own.',
    '',
    "Next: kindred predict 'runs/my genres' <images or folders>",
  ]);
});

it('summarizeTraining tells how near features in 8 bits are to those in float32', () => {
  const drift = { images: 64, heldOut: true, meanCosine: 0.99698, minCosine: 0.9911 };
  const lines = summarizeTraining(
    { ...result, precision: { name: 'int8', calibration: 'abc', drift } },
    plainStyle,
    false,
  );
  expect(lines).toContain(
    'precision  int8; cosine to float32 features on 64 held-out images: mean 0.9970, lowest 0.9911',
  );
});

it('summarizeEvaluation says so where nothing can be measured', () => {
  expect(summarizeEvaluation({ samples: 1, skipped: [], evaluations: {} }, plainStyle, false)).toEqual([
    'data  1 image',
    'No branch of this bundle can be measured: none has labels to compare with.',
  ]);
});

it.each([
  ['runs/posters', 'runs/posters'],
  ["it's here", "'it'\\''s here'"],
  ['', "''"],
])('shellQuote(%j) is %s', (word, quoted) => expect(shellQuote(word)).toBe(quoted));
