import * as tf from '@tensorflow/tfjs-core';
import { prepareTf } from '@kindred/core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import { copyPermuted, identity, inverse, keepsOrder, permute } from './permute.js';

beforeAll(prepareTf);

const lengths = (max: number, maxLength: number) => fc.array(fc.integer({ min: 1, max }), { maxLength });

/** A shape of up to five short axes or three long ones, and an order of them. */
const arrays = fc.oneof(lengths(4, 5), lengths(21, 3)).chain((shape) =>
  fc.tuple(
    fc.constant(shape),
    fc.shuffledSubarray(
      shape.map((_, axis) => axis),
      { minLength: shape.length },
    ),
  ),
);

const counting = (shape: readonly number[]) =>
  Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i);

function copied(shape: readonly number[], perm: readonly number[]): number[] {
  const target = new Float32Array(counting(shape).length);
  copyPermuted(counting(shape), shape, perm, target);
  return [...target];
}

describe('permutations of axes', () => {
  it('move elements as tf.transpose does', () =>
    fc.assert(
      fc.property(arrays, ([shape, perm]) => {
        const expected = tf.tidy(() =>
          tf
            .transpose(tf.tensor(counting(shape), shape), perm)
            .dataSync()
            .slice(),
        );
        expect(copied(shape, perm)).toEqual([...expected]);
      }),
    ));

  it('are undone by their inverse', () =>
    fc.assert(
      fc.property(arrays, ([shape, perm]) => {
        expect(permute(permute(shape, perm), inverse(perm))).toEqual(shape);
        expect(permute(perm, inverse(perm))).toEqual(identity(shape.length));
      }),
    ));

  it('keep the order in memory just where nothing moves', () =>
    fc.assert(
      fc.property(arrays, ([shape, perm]) => {
        const moved = copied(shape, perm).some((value, i) => value !== i);
        expect(keepsOrder(shape, perm)).toBe(!moved);
      }),
    ));

  it('move nothing in an array without elements', () => {
    const target = new Float32Array(0);
    copyPermuted(new Float32Array(0), [2, 0, 3], [2, 1, 0], target);
    expect(target).toHaveLength(0);
  });
});
