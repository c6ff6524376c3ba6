import { describe, expect, it } from 'vitest';

import { areaAbove, distance, rankCorrelation, spread } from './statistics.js';

// Expected values by scikit-learn 1.9.1 (roc_auc_score), SciPy (spearmanr) and NumPy (std).
describe('statistics of scores', () => {
  it('areaAbove is the area under the ROC curve, ties counting one half', () => {
    expect(areaAbove([3, 1, 2, 2], [0, 2, 1])).toBeCloseTo(0.7916666666666666, 12);
    expect(areaAbove([1, 1], [1])).toBe(0.5);
  });

  it("rankCorrelation is Spearman's, with shared ranks for equal values", () => {
    expect(rankCorrelation([1, 2, 2, 4, 5], [2, 1, 3, 3, 9])).toBeCloseTo(0.7631578947368421, 12);
    expect(rankCorrelation([1, 2, 3], [9, 4, -1])).toBeCloseTo(-1, 12);
    expect(rankCorrelation([1, 1, 1], [1, 2, 3])).toBeNaN();
  });

  it("spread is the population's standard deviation", () => {
    expect(spread([1, 2, 4])).toBeCloseTo(1.247219128924647, 12);
    expect(distance([1, 2], [1, 5])).toBeCloseTo(3 / Math.SQRT2, 12);
  });
});
