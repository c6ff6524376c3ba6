import { defineHead } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';

import { positiveWeights, priorLogits } from './class-weights.js';
import { denseNetwork, kernelPenalty } from '../dense/dense-network.js';
import { multiLabelOptions } from './options.js';

/** Any number of labels at once: dense layers, a sigmoid for each label, and a loss for each label by itself. */
export const multiLabel = defineHead({
  name: 'multi-label',
  version: 1,
  summary: 'Dense layers that tell for each label by itself whether an image carries it.',
  options: multiLabelOptions,
  tags: { multiLabel: true },
  create(options, spec, ctx) {
    const weightByLabel = positiveWeights(options.classWeights, spec);
    const weighted = weightByLabel.some((weight) => weight !== 1);
    const zeros = spec.labels.map(() => 0);
    const outputBias = options.initialBias === 'prior' ? priorLogits(weightByLabel, spec) : zeros;
    const elementLoss = ctx.loss(options.loss);

    return {
      network: denseNetwork({ ...options, features: spec.features, outputBias }),
      loss(logits, targets, weights) {
        const losses = elementLoss(logits, targets);
        // 1 for negatives, the label's weight for positives.
        const factors = () => tf.add(tf.mul(targets, tf.sub(tf.tensor1d(weightByLabel), 1)), 1);
        const mean = tf.mean(weighted ? tf.mul(losses, factors()) : losses);
        return options.l2 === 0 ? mean : tf.add(mean, tf.mul(kernelPenalty(weights), options.l2));
      },
      probabilities: (logits) => tf.sigmoid(logits),
    };
  },
});
