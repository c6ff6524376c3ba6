import { KindredError } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Rows `[B, E]` that come in groups of `size`, as `size` tensors `[B / size, E]`: all first members, all second ones.
 * @throws KINDRED_DATA_PAIRS if the rows are not whole groups
 */
export function membersOf(rows: tf.Tensor, size: number): tf.Tensor[] {
  const [count = 0, length = 1] = rows.shape;
  if (count === 0 || count % size !== 0) {
    throw new KindredError('KINDRED_DATA_PAIRS', {
      message: `A batch of the head siamese must consist of whole groups of ${size} images. Got ${count} images.`,
      received: count,
      hint: 'Cut batches from the rows that the head\'s "order" gives.',
    });
  }
  const grouped = tf.reshape(rows, [count / size, size, length]);
  return Array.from({ length: size }, (_, i) =>
    tf.reshape(tf.slice(grouped, [0, i, 0], [count / size, 1, length]), [count / size, length]),
  );
}

/** Which rows of the targets `[P, L]` and `[P, L]` share a label: `[P]` of 1 and 0. */
export function sharedLabels(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return tf.cast(tf.greater(tf.sum(tf.mul(a, b), -1), 0), 'float32');
}

/** Which rows of the targets `[B, L]` share a label with which: `[B, B]` of 1 and 0. */
export function sharedLabelsOfAll(targets: tf.Tensor): tf.Tensor {
  return tf.cast(tf.greater(tf.matMul(targets, targets, false, true), 0), 'float32');
}

/** The mean of `values` where `mask` is 1, a scalar; 0 where it is nowhere. */
export function meanWhere(values: tf.Tensor, mask: tf.Tensor): tf.Tensor {
  return tf.div(tf.sum(tf.mul(values, mask)), tf.maximum(tf.sum(mask), 1));
}
