import * as tf from '@tensorflow/tfjs-core';

export const DISTANCES = ['euclidean', 'cosine', 'weighted-l1'] as const;
export type DistanceName = (typeof DISTANCES)[number];

/** Squares below it count as it: the gradient of the root stays finite, and equal embeddings are 1e-6 apart. */
const SMALLEST_SQUARE = 1e-12;

/** Differences `[N, M, E]` are computed for so many rows at once that they hold no more numbers than this. */
const BLOCK_LIMIT = 2 ** 22;

/**
 * Distances between embeddings that broadcast to `[..., E]`, along the last axis. Of weighted-l1, `factors` are the weights `[E]`, none
 * below 0.
 */
export function distanceAlong(name: DistanceName, a: tf.Tensor, b: tf.Tensor, factors: tf.Tensor): tf.Tensor {
  switch (name) {
    case 'euclidean':
      // By differences: |a|^2 - 2 ab + |b|^2 would lose the digits of what is near. squaredDifference has no gradient where shapes broadcast.
      return tf.sqrt(tf.maximum(tf.sum(tf.square(tf.sub(a, b)), -1), SMALLEST_SQUARE));
    case 'cosine':
      return tf.relu(tf.sub(1, tf.sum(tf.mul(unitLength(a), unitLength(b)), -1)));
    case 'weighted-l1':
      return tf.sum(tf.abs(tf.sub(tf.mul(a, factors), tf.mul(b, factors))), -1);
  }
}

/** Distances `[N, M]` of embeddings `[N, E]` and `[M, E]`; see `distanceAlong`. */
export function pairwiseDistances(name: DistanceName, a: tf.Tensor, b: tf.Tensor, factors: tf.Tensor): tf.Tensor {
  if (name === 'cosine') {
    return tf.relu(tf.sub(1, tf.matMul(unitLength(a), unitLength(b), false, true)));
  }
  const [rows, length] = a.shape as [number, number];
  const others = tf.expandDims(b, 0);
  const rowsAtOnce = Math.max(1, Math.floor(BLOCK_LIMIT / Math.max(1, b.size)));
  const blocks: tf.Tensor[] = [];
  for (let start = 0; start < rows; start += rowsAtOnce) {
    const block = tf.slice(a, [start, 0], [Math.min(rowsAtOnce, rows - start), length]);
    blocks.push(distanceAlong(name, tf.expandDims(block, 1), others, factors));
  }
  return blocks.length === 1 ? blocks[0]! : tf.concat(blocks, 0);
}

/** Brings `[..., E]` to the length 1 along the last axis; zeros stay zeros. */
export function unitLength(x: tf.Tensor): tf.Tensor {
  const square = tf.sum(tf.square(x), -1, true);
  return tf.div(x, tf.sqrt(tf.maximum(square, SMALLEST_SQUARE)));
}
