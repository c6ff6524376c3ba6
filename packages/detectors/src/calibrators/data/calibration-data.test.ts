import { type Calibrator, type FitData, float32, uint8 } from '@kindred/core';
import { createTestContext } from '@kindred/core/testing';
import { describe, expect, it } from 'vitest';

import { fitAndApply, matrix } from '../../../test/run-estimator.js';
import { isotonic } from '../isotonic/isotonic.js';
import { none } from '../none/none.js';
import { platt } from '../platt/platt.js';
import { temperature } from '../temperature/temperature.js';

import { rocArea } from './direction.js';

// Async: a throw becomes a rejection, as callers that await see it.
const fit = async (calibrator: Calibrator, options: object, data: FitData) =>
  calibrator.fit(calibrator.options.parse(options), data, createTestContext());

const normal = (count: number, others: number): FitData => ({
  x: float32(
    [count + others, 1],
    Array.from({ length: count + others }, (_, i) => -i),
  ),
  y: uint8(
    [count + others, 1],
    Array.from({ length: count + others }, (_, i) => Number(i < count)),
  ),
  labels: ['normal'],
});

describe.each<{ calibrator: Calibrator; needed: number }>([
  { calibrator: isotonic, needed: 10 },
  { calibrator: platt, needed: 5 },
  { calibrator: temperature, needed: 5 },
])('$calibrator.name', ({ calibrator, needed }) => {
  it.each([
    ['without other images', normal(100, 0), '100 and 0 for "normal"'],
    ['without images that carry the label', normal(0, 30), '0 and 30 for "normal"'],
    ['with too few', normal(100, needed - 1), `100 and ${needed - 1} for "normal"`],
    ['without names of labels', { x: normal(3, 0).x, y: normal(3, 0).y! }, '3 and 0 for label 1 of 1'],
  ])('is not fitted %s, and tells the numbers', async (_, data, numbers) => {
    await expect(fit(calibrator, {}, data)).rejects.toThrow(
      expect.objectContaining({
        code: 'KINDRED_CALIBRATION_DATA',
        message: `The calibrator ${calibrator.name} must get at least ${needed} held-out images that carry a label and ${needed} that do not. Got ${numbers}.`,
      }) as Error,
    );
  });

  it('takes as many as it needs', async () => {
    expect((await fit(calibrator, {}, normal(needed, needed))).tensors).toBeDefined();
  });
});

describe.each([isotonic, platt, temperature, none].map((calibrator: Calibrator) => ({ calibrator })))(
  '$calibrator.name',
  ({ calibrator }) => {
    it.each<[string, FitData, string, string]>([
      [
        'a score of NaN',
        { ...normal(6, 6), x: float32([12, 1], Array<number>(12).fill(1).with(4, NaN)) },
        'KINDRED_SCORES_INVALID',
        `Scores for the calibrator ${calibrator.name} must be finite numbers. Got NaN in row 4, "normal".`,
      ],
      [
        'a target of 2',
        { ...normal(6, 6), y: uint8([12, 1], Array<number>(12).fill(2)) },
        'KINDRED_SCORES_INVALID',
        `Targets for the calibrator ${calibrator.name} must be 0 or 1. Got 2 in row 0, "normal".`,
      ],
      [
        'targets of other images',
        { ...normal(6, 6), y: uint8([3, 1]) },
        'KINDRED_CALIBRATION_DATA',
        `The calibrator ${calibrator.name} must get scores and truth of held-out images, both [N, L]. Got [12, 1] and [3, 1].`,
      ],
      [
        'no images',
        { x: float32([0, 1]), y: uint8([0, 1]) },
        'KINDRED_CALIBRATION_DATA',
        `The calibrator ${calibrator.name} must get scores and truth of held-out images, both [N, L]. Got [0, 1] and [0, 1].`,
      ],
    ])('refuses %s', async (_, data, code, message) => {
      await expect(fit(calibrator, {}, data)).rejects.toThrow(expect.objectContaining({ code, message }) as Error);
    });

    it('refuses another number of labels than it was fitted on', async () => {
      const { x, y } = normal(12, 12);
      await expect(fitAndApply(calibrator, {}, x, matrix([[1, 2]]), y)).rejects.toThrow(
        expect.objectContaining({ code: 'KINDRED_FEATURES_INVALID' }) as Error,
      );
    });
  },
);

describe('a label with too few images of either kind', () => {
  const x = float32([8, 2], [1, 0.3, 2, 0.1, 3, 0.2, 4, 0.4, 5, 0.2, 6, 0.1, 7, 0.3, 8, 0.9]);
  const y = uint8([8, 2], [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 1, 1]);
  const data: FitData = { x, y, labels: ['drama', 'war'] };

  it.each<{ calibrator: Calibrator; tensor: string }>([
    { calibrator: isotonic, tensor: 'values' },
    { calibrator: platt, tensor: 'slope' },
  ])('is calibrated as all labels together, with a note: $calibrator.name', async ({ calibrator, tensor }) => {
    const { tensors, notes } = await fit(calibrator, { minPerClass: 3 }, data);
    expect(notes).toEqual([
      '"war" is calibrated as all labels together: 1 of 8 held-out images carry it, 3 that do and as many that do not are needed for a fit of ' +
        'its own.',
    ]);
    const pooled = await fit(
      calibrator,
      { minPerClass: 3 },
      { x: float32([16, 1], x.data), y: uint8([16, 1], y.data) },
    );
    const [own, all] = [tensors[tensor]!.data, pooled.tensors[tensor]!.data];
    const last = own.subarray(own.length / 2);
    expect([...last.subarray(0, all.length)]).toEqual([...all]);
  });
});

describe('the area under the ROC curve', () => {
  // sklearn.metrics.roc_auc_score
  it.each([
    [[0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1], 0.75],
    [[1, 1, 1, 2], [0, 1, 0, 1], 0.75],
    [[3, 2, 1], [0, 0, 1], 0],
    [[1, 2], [1, 1], NaN],
  ])('of %j and %j is %d', (scores, targets, area) => {
    expect(rocArea({ scores: Float32Array.from(scores), targets: Uint8Array.from(targets) })).toBe(area);
  });
});
