import { float32 } from '@kindred/core';
import { expect, it } from 'vitest';

import { agreementOf } from './agreement.js';

it('is the cosine of each pair of rows: 1 for parallel ones, 0 for orthogonal ones', () => {
  const a = float32([2, 2], [1, 2, 3, 0]);
  const b = float32([2, 2], [2, 4, 0, 5]);
  const { lowestCosine, meanCosine } = agreementOf(a, b);
  // float32 inputs that are exact, float64 sums: only the square root and the division round.
  expect(lowestCosine).toBeCloseTo(0, 12);
  expect(meanCosine).toBeCloseTo(0.5, 12);
});

it('refuses matrices of different sizes', () => {
  expect(() => agreementOf(float32([1, 2]), float32([2, 1]))).toThrow('got [1, 2] and [2, 1]');
});
