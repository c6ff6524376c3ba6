import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { descendingOrder } from './descending-order.js';

describe('descendingOrder', () => {
  it.each([
    ['nothing', [], []],
    ['one', [0.5], [0]],
    ['ties, in their order', [0.5, 0.7, 0.5, 0.7], [1, 3, 0, 2]],
    ['signs', [-1, 1, -2, 2, 0], [3, 1, 4, 0, 2]],
    ['-0 and 0 as equal', [-0, 0, -0], [0, 1, 2]],
    ['the smallest and largest float32', [1.4e-45, 3.4e38, -3.4e38, -1.4e-45], [1, 0, 3, 2]],
  ])('orders %s', (_, scores, order) => {
    expect([...descendingOrder(Float32Array.from(scores))]).toEqual(order);
  });

  it('orders any scores as a stable comparison sort does', () => {
    fc.assert(
      fc.property(fc.float32Array({ noNaN: true, maxLength: 300 }), (scores) => {
        const expected = [...scores.keys()].sort((a, b) => {
          const difference = scores[b]! - scores[a]!;
          return Number.isNaN(difference) ? 0 : difference;
        });
        expect([...descendingOrder(scores)]).toEqual(expected);
      }),
    );
  });
});
