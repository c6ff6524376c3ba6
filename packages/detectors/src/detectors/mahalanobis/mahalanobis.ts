import { defineDetector, float32, KindredError } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { z } from 'zod';

import { fittedTensor } from '../../features/fitted-tensor.js';
import { requireColumns, requireFeatures } from '../../features/require-features.js';
import { centre, sumOf } from '../../linalg/centre.js';
import { boundaryOf, contaminationOption } from '../boundary/contamination.js';

import { heldOutDistances } from './held-out.js';
import { whiten } from './whitening.js';

/**
 * Minus the squared Mahalanobis distance from the mean of the training images, under their covariance with N in the denominator as
 * scikit-learn's `EmpiricalCovariance` and `LedoitWolf` have it, less the boundary.
 *
 * The boundary is taken from the distance of each training image under a fit without it. With few images for many features, training images are
 * much nearer to their own mean than new ones are, and a boundary from those distances would refuse most of what is normal.
 * @throws KINDRED_FIT_TOO_FEW for one image or images that are all the same, KINDRED_FIT_SINGULAR for a covariance without an inverse
 */
export const mahalanobis = defineDetector({
  name: 'mahalanobis',
  version: 1,
  summary: 'Distance from the mean of the training images in units of their covariance.',
  options: z.strictObject({
    covariance: z
      .enum(['ledoit-wolf', 'empirical'])
      .default('ledoit-wolf')
      .describe(
        'ledoit-wolf: shrunk towards a multiple of the identity as far as the number of images calls for; works with fewer images than features. empirical: as measured; needs more images than features.',
      ),
    contamination: contaminationOption.describe(
      'Share of the training images that the boundary leaves outside, each being scored as if it had not been trained on.',
    ),
  }),
  boundary: 0,
  async fit({ covariance, contamination }, { x }, ctx) {
    const [rows, columns] = requireFeatures('mahalanobis', x);
    const { mean, deviations, squares } = centre(x);
    const unit = Math.sqrt(sumOf(squares) / x.data.length);
    requireSpread(rows, unit);
    // In units of the mean deviation, squares neither overflow nor underflow in float32.
    for (let i = 0; i < deviations.data.length; i++) deviations.data[i]! /= unit;
    const { tensors, restWeight, shrinkage, distances } = await whiten(deviations, covariance, ctx);
    const scores = heldOutDistances(distances, shrinkage).map((distance) => -distance);
    return {
      tensors: { mean: float32([columns], Float32Array.from(mean)), ...tensors },
      json: { unit, restWeight, shrinkage, offset: boundaryOf(scores, contamination) },
    };
  },
  apply({ tensors, json: { unit, restWeight, offset } }, x) {
    const mean = fittedTensor('mahalanobis', tensors, 'mean');
    requireColumns('mahalanobis', x, mean.size);
    const deviations = tf.div<Tensor2D>(tf.sub(x, mean), unit);
    if (restWeight === 0) {
      const whitening = fittedTensor('mahalanobis', tensors, 'whitening') as Tensor2D;
      const squares = tf.sum(tf.square(tf.matMul(deviations, whitening, false, true)), 1);
      return tf.sub(tf.neg(squares), offset);
    }
    const basis = fittedTensor('mahalanobis', tensors, 'basis') as Tensor2D;
    const along = tf.matMul(deviations, basis, false, true);
    const rest = tf.sum(tf.square(tf.sub(deviations, tf.matMul(along, basis))), 1);
    const weighted = tf.sum(tf.mul(tf.square(along), fittedTensor('mahalanobis', tensors, 'weights')), 1);
    return tf.sub(tf.neg(tf.add(weighted, tf.mul(rest, restWeight))), offset);
  },
});

function requireSpread(rows: number, unit: number): void {
  if (rows > 1 && unit > 0) return;
  throw new KindredError('KINDRED_FIT_TOO_FEW', {
    message: `Training images for mahalanobis must be at least 2 that differ. Got ${rows === 1 ? '1' : `${rows} with the same feature`}.`,
    received: rows,
    hint: 'Add images, and check the training set for copies.',
  });
}
