import { defineDetector, float32 } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';

import { fittedTensor } from '../../features/fitted-tensor.js';
import { requireFeatures } from '../../features/require-features.js';
import { leaveOneOut } from '../../neighbours/leave-one-out.js';
import { metricOption } from '../../neighbours/metric.js';
import { neighboursOption, requireNeighbours } from '../../neighbours/require-neighbours.js';
import { search, searchState } from '../../neighbours/search.js';
import { trainingPoints } from '../../neighbours/training-points.js';
import { boundaryOf, contaminationOption } from '../boundary/contamination.js';

import { localReachability, SMALLEST_REACHABILITY } from './local-reachability.js';

const NAME = 'local-outlier-factor';

/** The boundary of `auto`: inliers have factors of about 1, and scikit-learn draws the line here. */
const AUTO_BOUNDARY = -1.5;

/**
 * Scores an image by how dense training images are around it compared with how dense they are around its neighbours: minus the local outlier
 * factor (M. Breunig et al., "LOF: Identifying Density-Based Local Outliers", SIGMOD 2000) of new images against the training set, as
 * scikit-learn's `LocalOutlierFactor(novelty=True)`.
 */
export const localOutlierFactor = defineDetector({
  name: NAME,
  version: 1,
  summary: 'Scores an image by the density of training images around it, compared with that around its neighbours.',
  options: z.strictObject({
    neighbours: neighboursOption(20),
    metric: metricOption,
    contamination: contaminationOption
      .unwrap()
      .or(z.literal('auto'))
      .default(0.05)
      .describe(
        "Share of the training images that the boundary leaves outside: their scores are below 0. auto: those with a factor above 1.5, scikit-learn's default, which leaves many an image of something else inside.",
      ),
  }),
  boundary: 0,
  async fit({ neighbours: k, metric, contamination }, { x }, ctx) {
    const [rows] = requireFeatures(NAME, x);
    requireNeighbours(NAME, rows, k);
    const { points, centre, squares } = trainingPoints(NAME, metric, x);
    const among = searchState(points, centre, squares);
    const others = await leaveOneOut(NAME, { x, among, metric, k }, ctx);
    const { kDistances, densities, scores } = localReachability(others, k);
    return {
      tensors: {
        ...among,
        kDistances: float32([rows], Float32Array.from(kDistances)),
        densities: float32([rows], Float32Array.from(densities)),
      },
      json: { boundary: contamination === 'auto' ? AUTO_BOUNDARY : boundaryOf(scores, contamination) },
      notes: copiesNote(kDistances, k),
    };
  },
  apply({ options, tensors, json: { boundary } }, x) {
    const { places, distances } = search(NAME, tensors, x, options);
    const theirs = tf.gather(fittedTensor(NAME, tensors, 'kDistances'), places);
    const reachability = tf.mean(tf.maximum(distances, theirs), 1);
    const densities = tf.mean(tf.gather(fittedTensor(NAME, tensors, 'densities'), places), 1);
    const factor = tf.mul(densities, tf.add(reachability, SMALLEST_REACHABILITY));
    return tf.sub(tf.neg(factor), boundary);
  },
});

/** Densities of rows that have more than `k` copies are made up: 1e10, and images beside them have enormous factors. */
function copiesNote(kDistances: Float64Array, k: number): string[] {
  const copies = kDistances.filter((distance) => distance === 0).length;
  if (copies === 0) return [];
  return [
    `${copies} of ${kDistances.length} training images have the same features as at least ${k} others each, so images that differ a little from them ` +
      'get very low scores: remove the copies, or set "neighbours" above their number.',
  ];
}
