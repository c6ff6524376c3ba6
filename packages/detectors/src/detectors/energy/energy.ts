import { defineDetector } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';

import { requireColumns } from '../../features/require-features.js';
import { fitLogits } from '../logits/fit-logits.js';
import { logitsOptions } from '../logits/logits-options.js';

const options = z.strictObject(logitsOptions);

/**
 * Scores a head's logits `[N, L]` by their negative free energy, minus a boundary: `T log(sum(exp(x / T)))` of exclusive labels (Liu et al.,
 * "Energy-based Out-of-distribution Detection", 2020), and the sum over labels of `T log(1 + exp(x / T))` of independent ones, the joint
 * energy (Wang et al., "Can multi-label classification networks know what they don't know?", 2021). An image for which every
 * logit is low is like nothing that the head has learned.
 */
export const energy = defineDetector({
  name: 'energy',
  version: 1,
  summary: "Scores an image by the energy of a head's logits: low where no label fits.",
  options,
  tags: { needsLogits: true },
  boundary: 0,
  fit(filled, { x }, ctx) {
    const { contamination } = filled;
    return fitLogits('energy', x, { atLeast: 1, contamination }, (logits) => negativeEnergy(filled, logits), ctx);
  },
  apply({ options: filled, json: { labels, boundary } }, x) {
    requireColumns('energy', x, labels);
    return tf.sub(negativeEnergy(filled, x), boundary);
  },
});

/** `[N]`. */
function negativeEnergy({ labels, temperature }: z.output<typeof options>, x: tf.Tensor): tf.Tensor {
  const scaled = tf.div(x, temperature);
  return tf.mul(labels === 'exclusive' ? tf.logSumExp(scaled, 1) : tf.sum(tf.softplus(scaled), 1), temperature);
}
