import type { HeadSpec } from '@kindred/core';
import { describe, expect, it } from 'vitest';

import { positiveWeights, priorLogits } from './class-weights.js';

const spec: HeadSpec = {
  features: 2,
  labels: ['Action', 'Drama', 'War', 'Any'],
  samples: 100,
  positives: [20, 50, 0, 100],
};
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe('positiveWeights', () => {
  it.each([
    ['none', [1, 1, 1, 1]],
    // 80 / 20, 50 / 50, and the limits where one side has no images.
    ['balanced', [4, 1, 20, 0.05]],
    [{ War: 3, Action: 0.5 }, [0.5, 1, 3, 1]],
  ] as const)('of %j', (classWeights, expected) => {
    expect(positiveWeights(classWeights, spec)).toEqual(expected);
  });

  it('refuses a label that the data does not have', () => {
    expect(() => positiveWeights({ Dramma: 2 }, spec)).toThrow(
      expect.objectContaining({
        code: 'KINDRED_MANIFEST_VALUE',
        message: 'The keys of \'classWeights\' of the head multi-label must be labels of the data. Got "Dramma".',
        path: 'classWeights.Dramma',
        hint: 'Did you mean "Drama"?',
      }) as Error,
    );
  });

  it('does not take a label for a property that every object has', () => {
    expect(positiveWeights({}, { ...spec, labels: ['constructor'], positives: [1] })).toEqual([1]);
  });
});

describe('priorLogits', () => {
  it('make the first prediction the share of images that carry the label', () => {
    const [action = NaN, drama = NaN, war = NaN, any = NaN] = priorLogits([1, 1, 1, 1], spec).map(sigmoid);
    expect(action).toBeCloseTo(20.5 / 101, 10);
    expect(drama).toBeCloseTo(0.5, 10);
    expect([war, any].every((share) => share > 0 && share < 1)).toBe(true);
  });

  it('count positives by their weight', () => {
    expect(sigmoid(priorLogits([4, 1, 1, 1], spec)[0] ?? NaN)).toBeCloseTo(82 / (82 + 80.5), 10);
  });
});
