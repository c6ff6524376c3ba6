import type { Evaluation } from '@kindred/core';
import { describe, expect, it } from 'vitest';

import { figureOf, reaches, targetText } from './measure.js';
import { summarize, tableOf, type SeedRun } from './summary.js';

const metric = (name: string, value: number | null, floor: number | null) => ({
  ...{ name, metric: `${name}@1`, options: {}, higherIsBetter: true, headline: true, value },
  interval: value === null ? null : { lower: value - 0.05, upper: value + 0.05 },
  floor: { predictor: 'nothing', value: floor },
});
const run = (seed: number, value: number | null): SeedRun => ({
  seed,
  evaluations: { main: { kind: 'multi-label', metrics: [metric('mAP', value, 0.1)] } as unknown as Evaluation },
  history: {
    main: [
      { epoch: 1, loss: 2, learningRate: 0.1 },
      { epoch: 2, loss: 1, learningRate: 0.1 },
    ],
  },
  notes: ['a note'],
  seconds: 10 * seed,
  peakMemoryMB: 100 * seed,
});
const measures = [{ branch: 'main', metric: 'mAP', target: { aboveFloor: 0.02 } }];
const system = { name: 'posters', data: {}, measures };

describe('summarize', () => {
  it('has the mean over seeds beside the floor, what a run took and how the loss fell', () => {
    const row = summarize(system, [run(1, 0.25), run(2, 0.75)]);
    expect(row).toMatchObject({
      system: 'posters',
      seeds: [1, 2],
      seconds: { mean: 15, lowest: 10, highest: 20 },
      peakMemoryMB: { highest: 200 },
      losses: {
        main: [
          [2, 1],
          [2, 1],
        ],
      },
      notes: ['a note'],
    });
    expect(row.measures[0]).toMatchObject({ values: { mean: 0.5 }, floor: 0.1, target: 'floor + 0.02', reached: true });
    expect(tableOf(row)).toEqual([
      '| posters | main | mAP | 0.500 | 0.250 [0.200, 0.300], 0.750 [0.700, 0.800] | 0.100 | floor + 0.02, reached |',
      '  posters: 15 s and 200 MB at most a run; loss of main 2.000 to 1.000, 2.000 to 1.000',
    ]);
  });

  it.each([
    ['a branch that is not there', { branch: 'other', metric: 'mAP' }, run(1, 0.5), 'It has main.'],
    ['a metric that is not there', { branch: 'main', metric: 'AUROC' }, run(1, 0.5), 'It has mAP.'],
    ['a metric that is not defined', { branch: 'main', metric: 'mAP' }, run(1, null), 'It has mAP.'],
  ])('refuses %s', (_, measure, given, message) => {
    expect(() => figureOf(given, measure)).toThrow(message);
  });
});

describe('a target', () => {
  it.each([
    [{ atLeast: 0.9 }, 0.9, null, true, 'at least 0.9'],
    [{ atLeast: 0.9 }, 0.89, null, false, 'at least 0.9'],
    [{ atMost: 0.12 }, 0.12, 0.5, true, 'at most 0.12'],
    [{ atMost: 0.12 }, 0.13, 0.5, false, 'at most 0.12'],
    [{ aboveFloor: 0.02 }, 0.13, 0.1, true, 'floor + 0.02'],
    [{ aboveFloor: 0.02 }, 0.11, 0.1, false, 'floor + 0.02'],
    [{ aboveFloor: 0.02 }, 0.5, null, false, 'floor + 0.02'],
  ])('%j of %d, floor %s', (target, mean, floor, reached, text) => {
    expect(reaches(target, mean, floor)).toBe(reached);
    expect(targetText(target)).toBe(text);
  });
});
