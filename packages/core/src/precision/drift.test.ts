import { describe, expect, it } from 'vitest';

import { kindredErrorOf } from '../../test/support/catch-error.js';
import { float32 } from '../tensor/nd-array.js';

import { cosine, limitDrift, measureDrift } from './drift.js';

describe('cosine', () => {
  it.each<[string, number[], number[], number]>([
    ['a vector and itself', [1, 2, 3], [1, 2, 3], 1],
    ['a vector and a longer one of its direction', [1, 2], [10, 20], 1],
    ['right angles', [1, 0], [0, 5], 0],
    ['opposite directions', [1, -1], [-2, 2], -1],
    ['60 degrees', [1, 0], [1, Math.sqrt(3)], 0.5],
    ['two zeros: they are equal', [0, 0], [0, 0], 1],
    ['a zero and another: all is lost', [0, 0], [1, 0], 0],
  ])('of %s', (_, a, b, expected) => expect(cosine(a, b)).toBeCloseTo(expected, 12));
});

it('measureDrift gives the mean and the lowest cosine over images', () => {
  const float = float32([2, 2], [1, 0, 0, 2]);
  const bytes = float32([2, 2], [1, 0, Math.sqrt(3), 1]);
  const { images, meanCosine, minCosine } = measureDrift(float, bytes);
  expect(images).toBe(2);
  expect(meanCosine).toBeCloseTo(0.75, 6);
  expect(minCosine).toBeCloseTo(0.5, 6);
});

describe('limitDrift', () => {
  const drift = { images: 64, heldOut: true, meanCosine: 0.97, minCosine: 0.9 };

  it('lets a drift pass that is just allowed', () => limitDrift({ ...drift, meanCosine: 0.75 }, 0.25));

  it('refuses a larger one with what was measured, the limit, and what to do', async () => {
    const error = await kindredErrorOf(() => limitDrift(drift, 0.02));
    expect(error).toMatchObject({
      code: 'KINDRED_PRECISION_DRIFT',
      path: 'backbone.maxDrift',
      message:
        'Features in int8 must stay close to those in float32: 1 - mean cosine at most 0.02. Got 0.0300 on 64 images (lowest cosine 0.9000).',
    });
    expect(error.hint).toMatch(/calibrationImages/);
  });
});
