import { defineHead, KindredError, type HeadSpec } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';

import { compactness } from './compactness.js';
import { descriptiveness } from './descriptiveness.js';
import { euclidean } from './distances.js';
import { halfAndHalf } from './half-and-half.js';
import { deepOneClassOptions } from './options.js';
import { classify, sharedNetwork } from './shared-network.js';

/**
 * Features for one class (Perera and Patel 2018, https://arxiv.org/abs/1801.05365): one network learns to draw images of the wanted
 * class together, and to tell the labels of a reference set apart, so that it does not give every image the same. A detector that
 * reads its embedding (`"from": "branch.embedding"`) then tells what belongs.
 */
export const deepOneClass = defineHead({
  name: 'deep-one-class',
  version: 1,
  summary: 'An embedding in which the wanted class is compact and the labels of a reference set stay apart (DOC).',
  options: deepOneClassOptions,
  tags: { embedding: true, needsReference: true },
  docs: 'https://arxiv.org/abs/1801.05365',
  create(options, spec) {
    requireLabels(spec);
    return {
      network: sharedNetwork({ ...options, features: spec.features, classes: spec.labels.length }),
      loss(embeddings, targets, weights) {
        const wanted = tf.cast(tf.equal(tf.sum(targets, 1, true), 0), 'float32');
        const describes = descriptiveness(classify(weights, embeddings), targets);
        return tf.add(describes, tf.mul(compactness(embeddings, wanted), options.lambda));
      },
      // Compactness is a statistic of the batch.
      splittable: false,
      order: halfAndHalf,
      distances: (_, a, b) => euclidean(a, b),
    };
  },
});

function requireLabels({ labels }: HeadSpec): void {
  if (labels.length >= 2) return;
  throw new KindredError('KINDRED_DATA_ONE_LABEL', {
    message: `The reference data of the head deep-one-class must have two labels or more. Got ${labels.length === 0 ? 'none' : `1: "${labels[0]}"`}.`,
    path: 'data.reference',
    received: labels,
    hint: 'Give "data.reference" a dataset of several labels, of things that are not the wanted class: a folder for each.',
  });
}
