import { float32, uint8 } from '@kindred/core';
import { describe, expect, it } from 'vitest';

import { boundary } from './boundary.js';

const none = { labels: ['normal'], scores: float32([0, 1]), targets: uint8([0, 1]) };

describe('boundary', () => {
  it("is the detector's own, without any validation image", () => {
    expect(boundary.choose({}, { ...none, boundary: 0 })).toEqual({ values: [0], notes: [] });
    expect(boundary.choose({}, { ...none, boundary: -3.5 })).toEqual({ values: [-3.5], notes: [] });
  });

  it('is refused for scores without one', () => {
    expect(() => boundary.choose({}, none)).toThrow(
      expect.objectContaining({
        code: 'KINDRED_MANIFEST_VALUE',
        message: 'The threshold boundary needs a detector with a boundary of its own. Got scores without one.',
        hint: 'Use "quantile" for a detector without nu or contamination, and "fixed" or "max-f1" for a head.',
      }) as Error,
    );
  });
});
