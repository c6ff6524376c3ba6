import { defineDetector, float32, type NdArray } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';

import { fittedTensor } from '../../features/fitted-tensor.js';
import { requireColumns, requireFeatures } from '../../features/require-features.js';
import { boundaryOf } from '../boundary/contamination.js';

import { centred, centredByPrecision } from './centring.js';
import { criteria, parameterCount } from './criteria.js';
import { mean } from './expectation.js';
import { fitMixture } from './fit-mixture.js';
import { mahalanobis } from './mahalanobis.js';
import { logOffsets, type Covariance, type Mixture } from './mixture.js';
import { notesOf } from './notes.js';
import { options } from './options.js';

const NAME = 'gaussian-mixture';

/**
 * The log-likelihood of an image under a mixture of Gaussians less its boundary, as scikit-learn's `GaussianMixture.score_samples`. The
 * default is one component of diagonal covariance, which a few hundred images of 2,048 features can carry: a full matrix, scikit-learn's
 * default, memorises images where they are not several times as many as features.
 */
export const gaussianMixture = defineDetector({
  name: NAME,
  version: 1,
  summary: 'Log-likelihood under a mixture of Gaussians: normal images of one or several kinds.',
  options,
  boundary: 0,
  docs: 'https://scikit-learn.org/stable/modules/mixture.html',
  async fit(filled, { x: features }, ctx) {
    const [rows, columns] = requireFeatures(NAME, features);
    const { x, centre } = centred(features);
    const { estimate, logLikelihoods } = await fitMixture(x, filled, ctx);
    const { mixture, lowerBounds, converged } = estimate;
    const boundary = boundaryOf(logLikelihoods, filled.contamination);
    const parameters = parameterCount(filled.covariance, mixture.weights.length, columns);
    const { bic, aic } = criteria(mean(logLikelihoods), rows, parameters);
    return {
      tensors: {
        ...placed(filled.covariance, mixture, centre),
        precision: mixture.precision,
        // The boundary is taken off in float64: both are far greater than the differences that count.
        offsets: float32(
          [mixture.weights.length],
          Float32Array.from(logOffsets(mixture), (offset) => offset - boundary),
        ),
      },
      json: {
        weights: [...mixture.weights],
        ...{ iterations: lowerBounds.length, converged, lowerBound: lowerBounds.at(-1)! },
        ...{ boundary, bic, aic },
      },
      notes: notesOf({ options: filled, estimate, x, bic, aic }),
    };
  },
  apply({ options: { covariance }, tensors }, x) {
    const [centre, means, precision, offsets] = ['centre', 'means', 'precision', 'offsets'].map((name) =>
      fittedTensor(NAME, tensors, name),
    ) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    requireColumns(NAME, x, centre.size);
    const distances = mahalanobis[covariance](tf.sub(x, centre), means, precision);
    return tf.logSumExp(tf.sub(offsets, tf.div(distances, 2)), 1);
  },
});

/** Where scoring multiplies squares out, about the origin that leaves the smallest ones. */
function placed(covariance: Covariance, mixture: Mixture, centre: NdArray<'float32'>) {
  if (covariance === 'tied' || covariance === 'full') return { centre, means: mixture.means };
  return centredByPrecision(mixture, centre);
}
