import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { boundaryOf, contaminationOption } from './contamination.js';

describe('the boundary of a detector', () => {
  // numpy.percentile([3, 1, 2, 10, 5], [0, 10, 25, 50])
  it.each([
    [0, 1],
    [0.1, 1.4],
    [0.25, 2],
    [0.5, 3],
  ])('with contamination %d equals the percentile of NumPy', (contamination, expected) => {
    expect(boundaryOf([3, 1, 2, 10, 5], contamination)).toBeCloseTo(expected, 12);
  });

  it('leaves the asked share of the training scores below it, as near as their number allows', () => {
    const scores = fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(scores, fc.double({ min: 0, max: 0.5, noNaN: true }), (values, contamination) => {
        const boundary = boundaryOf(values, contamination);
        const outside = values.filter((value) => value < boundary).length;
        return Math.abs(outside - contamination * values.length) <= 1;
      }),
    );
  });

  it.each([-0.1, 0.6])('is refused outside of 0 to .5: %d', (contamination) => {
    expect(contaminationOption.safeParse(contamination).success).toBe(false);
  });
});
