import type { LossFunction } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';

import { meanWhere } from './groups.js';
import { farthestWhere, nearestWhere, type BatchDistances } from './mining.js';

/**
 * The loss of all pairs of a batch. There are far more of different labels than of the same one: both sides weigh one half.
 */
export function allPairsLoss(elementLoss: LossFunction, { distances, same, different }: BatchDistances): tf.Tensor {
  const losses = tf.reshape(elementLoss(flat(distances), flat(same)), distances.shape);
  return tf.mul(tf.add(meanWhere(losses, same), meanWhere(losses, different)), 0.5);
}

/** The loss of each image with the farthest one of the same label and with the nearest one of another. */
export function hardPairsLoss(elementLoss: LossFunction, batch: BatchDistances): tf.Tensor {
  const { distances, same, different } = batch;
  const side = (hardest: tf.Tensor, mask: tf.Tensor, target: number): tf.Tensor =>
    meanWhere(elementLoss(hardest, tf.fill(hardest.shape, target)), tf.max(mask, 1));
  const positives = side(farthestWhere(distances, same), same, 1);
  const negatives = side(nearestWhere(distances, different), different, 0);
  return tf.mul(tf.add(positives, negatives), 0.5);
}

const flat = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [x.size]);
