import { defineHead, KindredError, type HeadSpec } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';

import { dense, denseWeights, hiddenNetwork } from '../dense/dense-network.js';
import { pairwiseDistances } from '../siamese/distances.js';

import { compactness } from './compactness.js';
import { descriptiveness } from './descriptiveness.js';
import { halfAndHalf } from './half-and-half.js';
import { deepOneClassOptions } from './options.js';

/** Its name, as layers of the manifest have theirs; those cannot hold a "_". */
const CLASSIFIER = 'label_classifier';

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
    const shared = hiddenNetwork({ ...options, features: spec.features });
    const zeros = spec.labels.map(() => 0);
    return {
      network: {
        // The classifier of reference labels is learned beside the network, for the loss alone.
        init: (random) => ({ ...shared.init(random), ...denseWeights(CLASSIFIER, shared.units, zeros, random) }),
        forward: (...given) => shared.forward(...given),
      },
      loss(embeddings, targets, weights) {
        const wanted = tf.cast(tf.equal(tf.sum(targets, 1, true), 0), 'float32');
        const describes = descriptiveness(dense(weights, CLASSIFIER, embeddings), targets);
        return tf.add(describes, tf.mul(compactness(embeddings, wanted), options.lambda));
      },
      // Compactness is a statistic of the batch.
      splittable: false,
      order: halfAndHalf,
      distances: (_, a, b) => pairwiseDistances('euclidean', a, b, tf.scalar(1)),
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
