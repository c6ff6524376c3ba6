import type { Affine } from '../../plugin/contract.js';

export const IDENTITY: Affine = [1, 0, 0, 0, 1, 0];

/**
 * The map of one change after another. Maps lead from a changed image back to where its pixels come from, so the last change is the
 * first to be asked: `first(second(x, y))`.
 */
export function inSequence(first: Affine, second: Affine): Affine {
  const [a, b, c, d, e, f] = first;
  const [p, q, r, s, t, u] = second;
  return [a * p + b * s, a * q + b * t, a * r + b * u + c, d * p + e * s, d * q + e * t, d * r + e * u + f];
}

export function isIdentity(affine: Affine): boolean {
  return affine.every((value, i) => value === IDENTITY[i]);
}
