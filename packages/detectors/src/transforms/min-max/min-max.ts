import { defineTransform, float32 } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';

import { fittedTensor } from '../../features/fitted-tensor.js';
import { requireColumns, requireFeatures } from '../../features/require-features.js';

import { columnRanges } from './ranges.js';

/**
 * Scales each column so that its training values span `range`, as scikit-learn's `MinMaxScaler`. A column that was constant in the
 * training set, every column if it had one row, is moved so that its value becomes the lower end, and not scaled.
 */
export const minMax = defineTransform({
  name: 'min-max',
  version: 1,
  summary: 'Scales each feature so that its training values span a range.',
  options: z.strictObject({
    range: z
      .tuple([z.number(), z.number()])
      .refine(([low, high]) => low < high, 'the lower end must be below the upper')
      .default([0, 1])
      .describe('Where the lowest and the highest training value go.'),
    clip: z.boolean().default(false).describe('Cut values of other images off at the ends of the range.'),
  }),
  fit(_, { x }) {
    const [, columns] = requireFeatures('min-max', x);
    const { lowest, spread } = columnRanges(x.data, columns);
    return Promise.resolve({
      tensors: { lowest: float32([columns], lowest), spread: float32([columns], spread) },
      json: {},
    });
  },
  apply({ options: { range, clip }, tensors }, x) {
    const lowest = fittedTensor('min-max', tensors, 'lowest');
    requireColumns('min-max', x, lowest.size);
    const [low, high] = range;
    const share = tf.div(tf.sub(x, lowest), fittedTensor('min-max', tensors, 'spread'));
    const scaled = tf.add(tf.mul(share, high - low), low);
    return clip ? tf.clipByValue(scaled, low, high) : scaled;
  },
});
