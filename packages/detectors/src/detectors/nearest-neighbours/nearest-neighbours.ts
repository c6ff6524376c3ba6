import { defineDetector, float32, type NdArray } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';

import { requireFeatures } from '../../features/require-features.js';
import { leaveOneOut } from '../../neighbours/leave-one-out.js';
import { metricOption } from '../../neighbours/metric.js';
import { neighboursOption, requireNeighbours } from '../../neighbours/require-neighbours.js';
import { neighbourhoods } from '../../neighbours/neighbourhoods.js';
import { search, searchState } from '../../neighbours/search.js';
import { trainingPoints } from '../../neighbours/training-points.js';
import { boundaryOf, contaminationOption } from '../boundary/contamination.js';

import { chooseCoreset } from './choose-coreset.js';
import { distancesWithoutSelf } from './outside-coreset.js';
import { statisticOf, statisticOption, statisticsOf } from './statistic.js';

const NAME = 'nearest-neighbours';

/**
 * Scores an image by its distance to the nearest training images: the mean over k of them, or that to the k-th. The boundary comes from
 * the distances of training images to the others. Optionally it compares with a coreset of the training images alone, as PatchCore does
 * (K. Roth et al., "Towards Total Recall in Industrial Anomaly Detection", CVPR 2022).
 */
export const nearestNeighbours = defineDetector({
  name: NAME,
  version: 1,
  summary: 'Scores an image by its distance to the nearest training images.',
  options: z.strictObject({
    neighbours: neighboursOption(5),
    metric: metricOption,
    statistic: statisticOption,
    coreset: z
      .number()
      .positive()
      .refine((size) => size < 1 || Number.isInteger(size), 'must be a share below 1 or a whole number of images')
      .optional()
      .describe(
        'Compare with this share, or number, of the training images alone, chosen so that each other one is near to one of them. Left out: with all.',
      ),
    contamination: contaminationOption,
  }),
  boundary: 0,
  async fit({ neighbours: k, metric, statistic, coreset, contamination }, { x }, ctx) {
    const [rows] = requireFeatures(NAME, x);
    requireNeighbours(NAME, rows, k);
    const all = trainingPoints(NAME, metric, x);
    const kept =
      coreset === undefined ? undefined : await chooseCoreset(NAME, all.points, { size: coreset, neighbours: k }, ctx);
    const tensors = kept
      ? searchState(rowsOf(all.points, kept.chosen), all.centre)
      : searchState(all.points, all.centre, all.squares);
    const sought = { x, among: tensors, metric, k };
    const distances = kept
      ? distancesWithoutSelf(await neighbourhoods(NAME, { ...sought, k: k + 1 }, ctx), { ...all, ...kept, metric, k })
      : (await leaveOneOut(NAME, sought, ctx)).distances;
    const scores = statisticsOf(statistic, distances, k).map((distance) => -distance);
    return { tensors, json: { boundary: boundaryOf(scores, contamination) }, notes: kept?.notes ?? [] };
  },
  apply({ options, tensors, json: { boundary } }, x) {
    const { distances } = search(NAME, tensors, x, options);
    return tf.sub(tf.neg(statisticOf(options.statistic, distances)), boundary);
  },
});

function rowsOf({ shape, data }: NdArray<'float32'>, rows: Int32Array): NdArray<'float32'> {
  const columns = shape[1]!;
  const kept = float32([rows.length, columns]);
  rows.forEach((row, i) => kept.data.set(data.subarray(row * columns, (row + 1) * columns), i * columns));
  return kept;
}
