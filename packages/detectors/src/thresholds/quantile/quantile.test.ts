import { float32, type Scored, uint8 } from '@kindred/core';
import { describe, expect, it } from 'vitest';

import { quantile } from './quantile.js';

function scored(scores: readonly number[], targets: readonly number[], labels = ['normal']): Scored {
  const shape = [scores.length / labels.length, labels.length];
  return { labels, scores: float32(shape, scores), targets: uint8(shape, targets) };
}
const choose = (options: object, validation: Scored) => quantile.choose(quantile.options.parse(options), validation);
const range = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('quantile', () => {
  it('leaves at most the asked share of normal images below, whatever the others are', () => {
    const normal = range(99);
    const [scores, targets] = [
      [...normal, -500, 7.5, 500],
      [...normal.map(() => 1), 0, 0, 0],
    ];
    // floor(.05 * 100) = 5: the fifth lowest.
    expect(choose({}, scored(scores, targets))).toEqual({ values: [4], notes: [] });
    expect(
      choose(
        { falseAlarmRate: 0.1 },
        scored(
          normal,
          normal.map(() => 1),
        ),
      ),
    ).toEqual({ values: [9], notes: [] });
  });

  it('says where there are too few normal images to tell', () => {
    expect(
      choose(
        {},
        scored(
          range(18),
          range(18).map(() => 1),
        ),
      ),
    ).toEqual({
      values: [0],
      notes: [
        'The false-alarm rate of "normal" may be above 0.05: 18 validation images carry it, 19 are needed to tell. The threshold is their ' +
          'lowest score, and about one in 19 new ones is expected to fall below it.',
      ],
    });
  });

  it('is a recall for each label of a head; a label of no image takes the threshold of all', () => {
    const validation = scored([0.9, 0.2, 0.8, 0.1, 0.7, 0.3, 0.6, 0.4], [1, 0, 1, 0, 1, 0, 1, 0], ['drama', 'war']);
    expect(choose({ falseAlarmRate: 0.4 }, validation)).toEqual({
      values: [0.7, 0.7].map(Math.fround),
      notes: ['"war" takes the threshold of all labels together, 0.700: no validation image carries it.'],
    });
  });

  it('falls back to a boundary, or one half of a probability, if no image carries a label', () => {
    const note = (value: number) => [`No validation image carries any label, so every threshold is ${value}.`];
    expect(choose({}, { ...scored([7, 8], [0, 0]), boundary: -1 })).toEqual({ values: [-1], notes: note(-1) });
    expect(choose({}, scored([0.7, 0.8], [0, 0]))).toEqual({ values: [0.5], notes: note(0.5) });
    expect(() => choose({}, scored([7, 8], [0, 0]))).toThrow(
      expect.objectContaining({ code: 'KINDRED_CALIBRATION_DATA' }) as Error,
    );
  });

  it.each([0, 1, -0.1])('refuses the rate %d', (falseAlarmRate) => {
    expect(quantile.options.safeParse({ falseAlarmRate }).success).toBe(false);
  });

  it.each([
    ['no images', scored([], []), 'KINDRED_CALIBRATION_DATA'],
    ['NaN', scored([NaN, 1], [1, 1]), 'KINDRED_SCORES_INVALID'],
  ])('refuses %s', (_, validation, code) => {
    expect(() => choose({}, validation)).toThrow(expect.objectContaining({ code }) as Error);
  });
});
