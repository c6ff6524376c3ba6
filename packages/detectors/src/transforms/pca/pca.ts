import { defineTransform, float32 } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { z } from 'zod';

import { fittedTensor } from '../../features/fitted-tensor.js';
import { requireColumns } from '../../features/require-features.js';
import { componentsOption, SOLVER_PROBLEM, solverFits, solverOption } from '../../principal/options.js';
import { principalComponents } from '../../principal/principal-components.js';

import { pcaNotes } from './notes.js';

/**
 * Projects features on the leading principal components of the training images, as scikit-learn's `PCA`: centred, not scaled unless
 * `whiten`. Components whose variance is within rounding of nothing are never used, and a note says so.
 * @throws KINDRED_FIT_TOO_FEW where `components` is more than the number of images or features
 */
export const pca = defineTransform({
  name: 'pca',
  version: 1,
  summary: 'Keeps the directions in which training features vary most.',
  options: z
    .strictObject({
      components: componentsOption,
      whiten: z
        .boolean()
        .default(false)
        .describe('Divide each component by its standard deviation, so that all count alike.'),
      solver: solverOption,
    })
    .refine(solverFits, SOLVER_PROBLEM),
  async fit(options, { x }, ctx) {
    const found = await principalComponents('pca', x, options, ctx);
    const { mean, components, variances, totalVariance } = found;
    const count = variances.length;
    const scale = options.whiten ? variances.map((variance) => 1 / Math.sqrt(variance)) : variances.map(() => 1);
    return {
      tensors: {
        mean: float32([mean.length], Float32Array.from(mean)),
        components,
        scale: float32([count], Float32Array.from(scale)),
        explainedVariance: float32([count], Float32Array.from(variances)),
        explainedVarianceRatio: float32(
          [count],
          Float32Array.from(variances, (variance) => variance / totalVariance),
        ),
      },
      json: {},
      notes: pcaNotes(options, x.shape[0]!, variances),
    };
  },
  apply({ tensors }, x) {
    const components = fittedTensor('pca', tensors, 'components') as Tensor2D;
    requireColumns('pca', x, components.shape[1]);
    const deviations = tf.sub<Tensor2D>(x, fittedTensor('pca', tensors, 'mean'));
    return tf.mul(tf.matMul(deviations, components, false, true), fittedTensor('pca', tensors, 'scale'));
  },
});
