import { defineHead } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';

import { denseNetwork, kernelPenalty } from '../dense/dense-network.js';

import { binaryOptions } from './options.js';
import { positiveColumn, priorLogit, sideWeights } from './two-labels.js';

/**
 * Which of two labels an image carries: dense layers and one logit z, that of the positive label. Both columns of the output follow
 * from it, z and -z, so that their probabilities add up to 1 and thresholds and metrics see two labels.
 */
export const binary = defineHead({
  name: 'binary',
  version: 1,
  summary: 'Dense layers that tell which of two labels an image carries.',
  options: binaryOptions,
  create(options, spec, ctx) {
    const column = positiveColumn(options, spec);
    const counts = { positive: spec.positives[column] ?? 0, negative: spec.positives[1 - column] ?? 0 };
    const weights = sideWeights(options.classWeights, counts);
    const outputBias = [options.initialBias === 'prior' ? priorLogit(weights, counts) : 0];
    const network = denseNetwork({ ...options, features: spec.features, outputBias });
    const elementLoss = ctx.loss(options.loss);
    const signs = column === 1 ? [-1, 1] : [1, -1];
    const chosen = column === 1 ? [0, 1] : [1, 0];
    /** The positive label's column `[N, 1]` of `[N, 2]`. */
    const positives = (x: tf.Tensor) => tf.sum(tf.mul(x, tf.tensor2d([chosen])), 1, true);

    return {
      network: {
        init: (random) => network.init(random),
        forward: (...given) => tf.mul(network.forward(...given), tf.tensor2d([signs])),
      },
      loss(logits, targets, named) {
        const truth = positives(targets);
        const losses = elementLoss(positives(logits), truth);
        const factors = tf.add(tf.mul(truth, weights.positive - weights.negative), weights.negative);
        const mean = tf.mean(options.classWeights === 'none' ? losses : tf.mul(losses, factors));
        return options.l2 === 0 ? mean : tf.add(mean, tf.mul(kernelPenalty(named), options.l2));
      },
      probabilities: (logits) => tf.sigmoid(logits),
    };
  },
});
