import { defineDetector } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';

import { requireColumns } from '../../features/require-features.js';
import { fitLogits } from '../logits/fit-logits.js';
import { logitsOptions } from '../logits/logits-options.js';

const options = z.strictObject(logitsOptions);

/** Far below any logit, and finite: its exponential is 0 beside any other's. */
const HIDDEN = 1e30;

/**
 * Scores a head's logits `[N, L]` by the highest probability among the labels, minus a boundary: by softmax of exclusive labels (Hendrycks and
 * Gimpel, "A Baseline for Detecting Misclassified and Out-of-Distribution Examples", 2017), by sigmoid of independent ones, of logits divided by a
 * temperature (Liang et al., ODIN, 2018). The score is that probability's log-odds, which rank images as the probability does and
 * still differ where float32 would round probabilities to 1.
 */
export const maxSoftmax = defineDetector({
  name: 'max-softmax',
  version: 1,
  summary: "Scores an image by the highest probability among a head's labels.",
  options,
  tags: { needsLogits: true },
  boundary: 0,
  fit(filled, { x }, ctx) {
    const { contamination, labels } = filled;
    const atLeast = labels === 'exclusive' ? 2 : 1;
    return fitLogits('max-softmax', x, { atLeast, contamination }, (logits) => highestLogOdds(filled, logits), ctx);
  },
  apply({ options: filled, json: { labels, boundary } }, x) {
    requireColumns('max-softmax', x, labels);
    return tf.sub(highestLogOdds(filled, x), boundary);
  },
});

/** `[N]`: log(p / (1 - p)) of the highest probability p. */
function highestLogOdds({ labels, temperature }: z.output<typeof options>, x: tf.Tensor): tf.Tensor {
  const scaled = tf.div(x, temperature);
  const highest = tf.max(scaled, 1);
  if (labels === 'independent') return highest;
  // 1 - p is the share of all other labels together.
  const place = tf.cast(tf.oneHot(tf.argMax<tf.Tensor1D>(scaled, 1), x.shape[1]!), 'float32');
  const others = tf.sub(scaled, tf.mul(place, HIDDEN));
  return tf.sub(highest, tf.logSumExp(others, 1));
}
