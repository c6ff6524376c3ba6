import { defineDetector, type NamedTensors, treeEnsemble } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { z } from 'zod';

import { fittedTensor } from '../../features/fitted-tensor.js';
import { requireColumns, requireFeatures } from '../../features/require-features.js';
import { boundaryOf } from '../boundary/contamination.js';

import { averagePathLength } from './average-path-length.js';
import { growForest } from './forest.js';
import { scoreRows } from './score-rows.js';
import { featuresOf, maxFeaturesOption, maxSamplesOption, samplesOf } from './sizes.js';

const NAME = 'isolation-forest';

/** The score of an image whose path is as long as the average: the boundary that the paper suggests. */
const AVERAGE = -0.5;

/** What is saved beside the trees; a type, as JSON's objects have an index signature. */
interface ForestState {
  readonly columns: number;
  readonly depth: number;
  /** c(samples): the average path length in a tree. */
  readonly average: number;
  /** The score of the boundary. */
  readonly offset: number;
}

/**
 * Isolation forest (Liu, Ting and Zhou 2008): trees that split at random isolate odd images in few steps. The score is scikit-learn's
 * decision function, -2^(-E[path length] / c(samples)) - offset: up to 0.5 for the most normal, below 0 outside of the boundary.
 */
export const isolationForest = defineDetector({
  name: NAME,
  version: 1,
  summary: 'How many random splits it takes to tell an image from the training images: few for odd ones.',
  docs: 'https://doi.org/10.1109/ICDM.2008.17',
  options: z.strictObject({
    trees: z.int().min(1).max(10_000).default(100).describe('More trees give steadier scores, and take longer.'),
    maxSamples: maxSamplesOption,
    maxFeatures: maxFeaturesOption,
    bootstrap: z
      .boolean()
      .default(false)
      .describe('Draw the images of a tree with replacement; one that is drawn again counts once.'),
    contamination: z
      .union([z.literal('auto'), z.number().gt(0).max(0.5)])
      .default(0.05)
      .describe(
        "Share of the training images that the boundary leaves outside: their scores are below 0. auto, scikit-learn's default, puts it where an image takes as many splits as the average of a random tree: of features with many columns hardly any image is outside.",
      ),
  }),
  boundary: 0,
  async fit({ trees, maxSamples, maxFeatures, bootstrap, contamination }, { x }, ctx) {
    const size = requireFeatures(NAME, x);
    const [rows, columns] = size;
    const { samples, notes: sampleNotes } = samplesOf(maxSamples, rows);
    const { features, notes: featureNotes } = featuresOf(maxFeatures, columns);
    const { tensors, depth } = await growForest(x.data, size, { trees, samples, features, bootstrap }, ctx);
    const notes = [...sampleNotes, ...featureNotes];
    if (depth === 0) {
      notes.push(`${NAME} found no feature that varies among the training images: all images get the score 0.`);
    }
    const json: ForestState = { columns, depth, average: averagePathLength(samples), offset: AVERAGE };
    if (contamination === 'auto') return { tensors, json, notes };
    const scores = await scoreRows(x, tensors, (given, some) => rawScores(given, json, some), ctx);
    return { tensors, json: { ...json, offset: boundaryOf(scores, contamination) }, notes };
  },
  apply({ tensors, json }, x) {
    requireColumns(NAME, x, json.columns);
    return tf.sub(rawScores(tensors, json, x), json.offset);
  },
});

/** scikit-learn's score_samples, `[N]`: the paper's anomaly score, negated. */
function rawScores(tensors: NamedTensors, { depth, average }: ForestState, x: Tensor): Tensor {
  const tensor = (name: string) => fittedTensor(NAME, tensors, name);
  const roots = tensor('roots');
  const lengths = treeEnsemble(x, {
    roots,
    feature: tensor('feature'),
    threshold: tensor('threshold'),
    left: tensor('left'),
    right: tensor('right'),
    value: tensor('pathLength'),
    depth,
  });
  // 2^(-mean / average), by the exponential: engines raise to powers more slowly.
  return tf.neg(tf.exp(tf.mul(lengths, -Math.LN2 / (average * roots.size))));
}
