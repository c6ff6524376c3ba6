import { defineHead } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';

import { denseNetwork, kernelPenalty } from '../dense/dense-network.js';

import { classImportance } from './class-importance.js';
import { MLP_DEFAULTS, relevanceOptions } from './options.js';
import { solveLogistic } from './solve-logistic.js';

/**
 * Whether an image belongs, learned from images that do and images that do not: one logit, over features or over what a hidden layer of
 * another branch's head gives.
 */
export const relevance = defineHead({
  name: 'relevance',
  version: 1,
  summary: 'Tells whether an image belongs at all, learned from images that do and images that do not.',
  options: relevanceOptions,
  tags: { needsNegatives: true },
  create(options, { features, samples, positives: [positive = 0] }, ctx) {
    const logistic = options.model === 'logistic';
    const { hidden = MLP_DEFAULTS.hidden, dropout = MLP_DEFAULTS.dropout, l2 = MLP_DEFAULTS.l2 } = options;
    const elementLoss = ctx.loss(options.loss ?? MLP_DEFAULTS.loss);
    const weights = classImportance(options.classWeights, { positive, negative: samples - positive });
    return {
      network: denseNetwork({
        features,
        hidden: logistic ? [] : hidden,
        activation: 'relu',
        dropout: logistic ? 0 : dropout,
        initializer: 'glorot-uniform',
        outputBias: [0],
      }),
      loss(logits, targets, named) {
        const factors = tf.add(tf.mul(targets, weights.positive - weights.negative), weights.negative);
        const mean = tf.mean(tf.mul(elementLoss(logits, targets), factors));
        return l2 === 0 ? mean : tf.add(mean, tf.mul(kernelPenalty(named), l2));
      },
      probabilities: (logits) => tf.sigmoid(logits),
      ...(logistic && { solve: (data, context) => solveLogistic(options, data, context) }),
    };
  },
});
