import { createRandom } from '@kindred/core';
import { describe, expect, it } from 'vitest';

import { symmetricEigen } from '../../linalg/symmetric-eigen.js';

import { rootBelow } from './secular.js';

/** Values of `diag(poles) - share d d^T`, and the squares of d along its vectors. */
function byEigenvectors(poles: Float64Array, d: number[], share: number) {
  const n = poles.length;
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) a[i * n + j] = (i === j ? poles[i]! : 0) - share * d[i]! * d[j]!;
  }
  const { values, vectors } = symmetricEigen(a, n);
  const weights = Array.from(values, (_, k) => d.reduce((sum, value, j) => sum + value * vectors[k * n + j]!, 0) ** 2);
  return { values, weights };
}

describe('roots of the secular equation', () => {
  it.each([1, 2, 5, 40])(
    'are the eigenvalues after a change of rank one, with the weights of their vectors, n = %d',
    (n) => {
      const random = createRandom(n);
      for (const share of [1e-3, 0.1, 3]) {
        const poles = Float64Array.from({ length: n }, () => random.next() * 5)
          .sort()
          .reverse();
        const d = Array.from({ length: n }, () => random.normal());
        const expected = byEigenvectors(poles, d, share);
        const total = d.reduce((sum, value) => sum + value ** 2, 0);
        poles.forEach((_, k) => {
          const { value, weight } = rootBelow(
            poles,
            Float64Array.from(d, (each) => each ** 2),
            k,
            share,
          );
          // A root is taken once its last step changed it by 1e-3, the next by about 1e-6; slopes are of the step before.
          expect(Math.abs(value - expected.values[k]!)).toBeLessThan(1e-5 * (5 + share * total));
          expect(Math.abs(weight - expected.weights[k]!)).toBeLessThan(1e-3 * total);
        });
      }
    },
  );

  it('stay at poles that are equal, or without weight', () => {
    const weights = Float64Array.of(1, 1, 1e-14, 1);
    const roots = [0, 1, 2, 3].map((k) => rootBelow(Float64Array.of(3, 3, 2, 1), weights, k, 0.01));
    expect(roots[0]).toEqual({ value: 3, weight: 0 });
    expect(roots[2]!.value).toBeCloseTo(2, 12);
    expect(roots.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(3, 5);
  });
});
