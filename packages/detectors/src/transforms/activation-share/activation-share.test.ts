import { describe, expect, it } from 'vitest';

import { fitAndApply, largestError, matrix } from '../../../test/run-estimator.js';

import { activationShare } from './activation-share.js';

const x = matrix([
  [3, 0, -1, 2, 10],
  [0, 0, 0, 0, 0],
  [-2, -2, 5, 5, 1],
]);

describe('activation-share', () => {
  it('gives the share of positive activations and quantiles as NumPy computes them', async () => {
    const { shape, data } = await fitAndApply(activationShare, { quantiles: [0, 0.1, 0.5, 0.9, 1] }, x);
    expect(shape).toEqual([3, 6]);
    // numpy.quantile(x, [0, .1, .5, .9, 1], axis=1)
    const expected = [0.6, -1, -0.6, 2, 7.2, 10, 0, 0, 0, 0, 0, 0, 0.6, -2, -2, 1, 5, 5];
    // Interpolated in float32.
    expect(largestError(data, expected)).toBeLessThan(1e-6);
  });

  it('gives the share alone where no quantiles are asked for', async () => {
    const { shape, data } = await fitAndApply(activationShare, { quantiles: [] }, x);
    expect(shape).toEqual([3, 1]);
    expect(largestError(data, [0.6, 0, 0.6])).toBeLessThan(1e-6);
  });

  it('works on one activation', async () => {
    const { data } = await fitAndApply(activationShare, { quantiles: [0.3] }, matrix([[4]]));
    expect([...data]).toEqual([1, 4]);
  });

  it.each([-0.1, 1.1])('refuses the quantile %d', (quantile) => {
    expect(activationShare.options.safeParse({ quantiles: [quantile] }).success).toBe(false);
  });

  it('refuses features of another width', async () => {
    await expect(fitAndApply(activationShare, {}, x, matrix([[1]]))).rejects.toMatchObject({
      code: 'KINDRED_FEATURES_INVALID',
    });
  });
});
