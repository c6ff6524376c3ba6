import type { LossFunction } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';

import { meanWhere } from './groups.js';
import { farthestWhere, isGreater, nearestWhere, type BatchDistances } from './mining.js';

/**
 * The loss of all triplets of a batch, the mean over those that cost something: most soon cost nothing and would drown the others (Hermans,
 * Beyer and Leibe 2017, https://arxiv.org/abs/1703.07737, section 2).
 */
export function allTripletsLoss(elementLoss: LossFunction, { distances, same, different }: BatchDistances): tf.Tensor {
  const rows = distances.shape[0];
  const positives = tf.tile(tf.expandDims(distances, 2), [1, 1, rows]);
  const negatives = tf.tile(tf.expandDims(distances, 1), [1, rows, 1]);
  const losses = lossOf(elementLoss, positives, negatives);
  const valid = tf.mul(tf.expandDims(same, 2), tf.expandDims(different, 1));
  const costly = isGreater(losses, tf.scalar(0));
  return meanWhere(losses, tf.mul(tf.reshape(valid, losses.shape), costly));
}

/**
 * The loss of each anchor and positive with the nearest negative that is farther than the positive; where none is, with the
 * farthest negative (Schroff, Kalenichenko and Philbin 2015, section 3.2).
 */
export function semiHardTripletsLoss(elementLoss: LossFunction, batch: BatchDistances): tf.Tensor {
  const { distances, same, different } = batch;
  const [toPositive, toNegative] = [tf.expandDims(distances, 2), tf.expandDims(distances, 1)];
  // [anchor, positive, negative]
  const candidates = tf.mul(isGreater(toNegative, toPositive), tf.expandDims(different, 1));
  const nearest = nearestWhere(toNegative, candidates);
  const farthest = tf.expandDims(farthestWhere(distances, different), 1);
  const found = tf.max(candidates, 2);
  const negatives = tf.add(tf.mul(found, nearest), tf.mul(tf.sub(1, found), farthest));
  const losses = lossOf(elementLoss, distances, negatives);
  const valid = tf.mul(same, tf.max(different, 1, true));
  return meanWhere(losses, tf.reshape(valid, losses.shape));
}

/** The loss of each anchor with the farthest positive and the nearest negative (Hermans 2017, "batch hard"). */
export function hardTripletsLoss(elementLoss: LossFunction, { distances, same, different }: BatchDistances): tf.Tensor {
  const losses = lossOf(elementLoss, farthestWhere(distances, same), nearestWhere(distances, different));
  return meanWhere(losses, tf.mul(tf.max(same, 1), tf.max(different, 1)));
}

/** The losses `[T]` of distances to positives and to negatives, both of `T` numbers. */
export function lossOf(elementLoss: LossFunction, positives: tf.Tensor, negatives: tf.Tensor): tf.Tensor {
  const both = tf.stack([tf.reshape(positives, [positives.size]), tf.reshape(negatives, [negatives.size])], 1);
  const targets = tf.tile(tf.tensor2d([[1, 0]]), [positives.size, 1]);
  return elementLoss(both, targets);
}
