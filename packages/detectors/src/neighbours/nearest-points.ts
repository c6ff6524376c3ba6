import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** How many numbers are held at once. */
export interface Limits {
  /** Products of rows and points. */
  readonly products: number;
  /** Differences of rows and the points found, but at least one point's for each row. */
  readonly differences: number;
}

/** 64 MB and 4 MB, a share of a processor's cache: with 4096 rows, products with 4096 points. */
const LIMITS: Limits = { products: 2 ** 24, differences: 2 ** 20 };

/** Points to search among. */
export interface Points {
  /** `[M, E]` */
  readonly points: Tensor;
  /** `[M]`: half of their squared lengths. */
  readonly halfSquares: Tensor;
}

export interface Nearest {
  /** int32 `[N, k]`: which points, roughly the nearest first. */
  readonly places: Tensor;
  /** `[N, k]`: their squared distances. */
  readonly squared: Tensor;
}

/**
 * The `k` nearest of M points to each row of `x` `[N, E]`, k at most M. They are found by one matrix product,
 * whose rounding error is about 1e-7 of the squared lengths of rows, so two points whose squared distances differ by less may
 * change places. The distances of those found are then computed from differences, so that small ones keep their digits and
 * copies have distance 0.
 */
export function nearestPoints(x: Tensor, among: Points, k: number, limits = LIMITS): Nearest {
  const places = nearestPlaces(x, among, k, limits.products);
  const rows = tf.expandDims(x, 1);
  const size = Math.max(1, Math.floor(limits.differences / x.size));
  const squared = inParts(k, size, (start, length) => {
    const some = length === k ? places : tf.slice(places, [0, start], [-1, length]);
    return tf.sum(tf.square(tf.sub(rows, tf.gather(among.points, some))), 2);
  });
  return { places, squared: joined(squared) };
}

/** Points come in parts, each of which leaves its k nearest, so that memory does not grow with their number. */
function nearestPlaces(x: Tensor, { points, halfSquares }: Points, k: number, products: number): Tensor {
  const [rows, count] = [x.shape[0], points.shape[0]];
  const size = Math.ceil(count / Math.ceil((rows * count) / products));
  // Of half the squared distance, |x|^2 / 2 - x.p + |p|^2 / 2, the first term is the same for all points.
  if (size >= count) return tf.topk(tf.sub(tf.matMul(x, points, false, true), halfSquares), k).indices;
  const found = inParts(count, size, (start, length) => {
    const nearness = tf.sub(
      tf.matMul(x, tf.slice(points, [start, 0], [length, -1]), false, true),
      tf.slice(halfSquares, [start], [length]),
    );
    const { values, indices } = tf.topk(nearness, Math.min(k, length));
    return { values, places: tf.add(indices, tf.scalar(start, 'int32')) };
  });
  const best = tf.topk(joined(found.map(({ values }) => values)), k).indices;
  return tf.gather(joined(found.map(({ places }) => places)), best, 1, 1);
}

/** What `make` gives for each `size` of `count` things, the last ones fewer. */
function inParts<T>(count: number, size: number, make: (start: number, length: number) => T): T[] {
  return Array.from({ length: Math.ceil(count / size) }, (_, part) =>
    make(part * size, Math.min(size, count - part * size)),
  );
}

const joined = (parts: Tensor[]): Tensor => (parts.length === 1 ? parts[0]! : tf.concat(parts, 1));
