import { uint8 } from '@kindred/core';
import { createTestContext } from '@kindred/core/testing';
import { describe, expect, it } from 'vitest';

import { fitAndApply, largestError, matrix } from '../../../test/run-estimator.js';
import { rows } from '../fixtures/read.js';

import { none } from './none.js';

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe('none', () => {
  it('gives the sigmoids of logits', async () => {
    const logits = [[-2, 0], [0.5, 30]]; // prettier-ignore
    const { shape, data } = await fitAndApply(none, {}, matrix(logits));
    expect(shape).toEqual([2, 2]);
    expect(largestError(data, logits.flat().map(sigmoid))).toBeLessThan(1e-6);
  });

  it.each([
    ['is silent where sigmoids are about as good as they can be', [-2, -1, 1, 2, -1, 1], [0, 0, 1, 1, 1, 0], []],
    [
      'says where one share for all would be a better forecast',
      [50, 60, 20, 30],
      [1, 0, 0, 0],
      [
        'The sigmoids of these scores are no calibrated probabilities: their log loss on 4 held-out images is 27.5, and 0.562 for the ' +
          'same share of every image. Use the calibrator platt, isotonic or temperature.',
      ],
    ],
    [
      'says where they are too unsure: decision functions are not log-odds',
      [-0.02, -0.01, 0.01, 0.02, -0.001, 0.001],
      [0, 0, 1, 1, 1, 0],
      [
        'The sigmoids of these scores are no calibrated probabilities: their log loss on 6 held-out images is 0.688, and 0.302 with a ' +
          'fitted temperature. Use the calibrator platt, isotonic or temperature.',
      ],
    ],
    ['cannot tell from images of one kind', [50, 60, -20], [1, 1, 1], []],
  ])('%s', async (_, x, y, expected) => {
    const data = { x: matrix(rows(x)), y: uint8([y.length, 1], y) };
    expect((await none.fit({}, data, createTestContext())).notes).toEqual(expected);
  });
});
