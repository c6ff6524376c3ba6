import { defineDetector, float32, KindredError, type NdArray } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { z } from 'zod';

import { fittedTensor } from '../../features/fitted-tensor.js';
import { requireColumns } from '../../features/require-features.js';
import { multiplyTransposed } from '../../linalg/products.js';
import { reducedNote } from '../../principal/notes.js';
import { componentsOption, SOLVER_PROBLEM, solverFits, solverOption } from '../../principal/options.js';
import { principalComponents } from '../../principal/principal-components.js';
import { boundaryOf, contaminationOption } from '../boundary/contamination.js';

import { heldOutResiduals } from './held-out.js';

/** Directions after the components whose variances tell how the last components would turn without an image. */
const SPARE = 5;

/**
 * Minus the squared error of an image's features when they are put together from the leading principal components of the training
 * images, less the boundary: the Q statistic of Jackson & Mudholkar (1979).
 *
 * The boundary is taken from the residual of each training image under a fit without it: those under the fit on all shrink to nothing as
 * components approach the number of images, those of new images do not.
 * @throws KINDRED_FIT_TOO_FEW where `components` is more than the number of images or features, or images do not differ
 */
export const pcaResidual = defineDetector({
  name: 'pca-residual',
  version: 1,
  summary: 'What the leading principal components of the training images leave unexplained.',
  options: z
    .strictObject({
      components: componentsOption,
      solver: solverOption,
      contamination: contaminationOption.describe(
        'Share of the training images that the boundary leaves outside, each being scored as if it had not been trained on.',
      ),
    })
    .refine(solverFits, SOLVER_PROBLEM),
  boundary: 0,
  async fit(options, { x }, ctx) {
    const found = await principalComponents('pca-residual', x, { ...options, spare: SPARE }, ctx);
    const [rows = 0, columns = 0] = x.shape;
    requireTwoColumns(columns);
    const { deviations, squares, unit, squaredVariances } = found;
    const kept = found.variances.length;
    const used = Math.min(kept, columns - 1);
    const components = leadingRows(found.components, used);
    const heldOut = await heldOutResiduals(
      {
        scores: await multiplyTransposed(deviations, joined(found.components, found.spare), ctx),
        squares,
        components: used,
        squaredVariances,
      },
      ctx.signal,
    );
    const scores = heldOut.map((residual) => -residual * unit ** 2);
    const offset = boundaryOf(scores, options.contamination);
    return {
      tensors: { mean: float32([columns], Float32Array.from(found.mean)), components },
      json: { offset },
      notes: used < kept ? [allKeptNote(kept, used)] : reducedNote('pca-residual', options.components, rows, kept),
    };
  },
  apply({ tensors, json: { offset } }, x) {
    const components = fittedTensor('pca-residual', tensors, 'components') as Tensor2D;
    requireColumns('pca-residual', x, components.shape[1]);
    const deviations = tf.sub<Tensor2D>(x, fittedTensor('pca-residual', tensors, 'mean'));
    const explained = tf.matMul(tf.matMul(deviations, components, false, true), components);
    return tf.sub(tf.neg(tf.sum(tf.square(tf.sub(deviations, explained)), 1)), offset);
  },
});

function leadingRows({ shape, data }: NdArray<'float32'>, count: number): NdArray<'float32'> {
  const [, columns = 0] = shape;
  return float32([count, columns], data.slice(0, count * columns));
}

function joined(a: NdArray<'float32'>, b: NdArray<'float32'>): NdArray<'float32'> {
  const [, columns = 0] = a.shape;
  const result = float32([a.shape[0]! + b.shape[0]!, columns]);
  result.data.set(a.data);
  result.data.set(b.data, a.data.length);
  return result;
}

function allKeptNote(kept: number, used: number): string {
  return `pca-residual uses ${used} components instead of ${kept}: all ${kept} would explain every image fully and leave nothing to score. Set 'components' to fewer.`;
}

function requireTwoColumns(columns: number): void {
  if (columns > 1) return;
  throw new KindredError('KINDRED_FEATURES_INVALID', {
    message: `Features for pca-residual must have at least 2 columns, so that one is left to measure. Got ${columns}.`,
    received: columns,
    hint: 'Use mahalanobis, or a tap with more features.',
  });
}
