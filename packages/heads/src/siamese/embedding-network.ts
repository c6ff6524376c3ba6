import { float32, withLayer, type NamedTensors, type Network, type Weights } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';

import { dense, denseWeights, hiddenNetwork } from '../dense/dense-network.js';

import { unitLength } from './distances.js';
import type { SiameseOptions } from './options.js';

const ALPHA = 'pair/alpha';
const SCALE = 'pair/scale';
const OFFSET = 'pair/offset';

/** What `softplus` makes 1. */
const SOFTPLUS_OF_ONE = Math.log(Math.E - 1);
/** What is learned of pairs begins with the chances even where a distance is 1, the margin of other losses. */
const FIRST_OFFSET = 1;

interface EmbeddingNetworkSpec extends Pick<
  SiameseOptions,
  'hidden' | 'activation' | 'dropout' | 'embedding' | 'normalize' | 'distance'
> {
  /** Length D of the input. */
  readonly features: number;
  /** Whether a loss of logits needs the scale and offset of distances. */
  readonly logits: boolean;
}

/**
 * Features `[N, D]` in, embeddings `[N, E]` out. Beside the weights of its layers it keeps what is learned of distances: `pair/alpha`
 * `[E]` of weighted-l1; `pair/scale` and `pair/offset` of the logit of a pair.
 */
export function embeddingNetwork(spec: EmbeddingNetworkSpec): Network {
  const { embedding, dropout, normalize } = spec;
  const hidden = hiddenNetwork({ ...spec, initializer: 'glorot-uniform' });
  const units = embedding === 'none' ? hidden.units : embedding;
  return {
    init: (random) => ({
      ...hidden.init(random),
      ...(embedding !== 'none' &&
        denseWeights('embedding', hidden.units, new Array<number>(embedding).fill(0), random)),
      ...pairWeights(spec, units),
    }),
    forward(weights, x, mode) {
      const body = hidden.forward(weights, x, mode);
      return withLayer('embedding', () => {
        const last = embedding === 'none' ? body : dense(weights, 'embedding', mode.dropout(body, dropout));
        return normalize ? unitLength(last) : last;
      });
    },
  };
}

function pairWeights({ distance, logits }: EmbeddingNetworkSpec, units: number): Weights {
  const weighted = distance === 'weighted-l1';
  // The mean of the absolute differences, to begin with.
  const first = Math.log(Math.expm1(1 / units));
  return {
    ...(weighted && { [ALPHA]: { value: float32([units], new Float32Array(units).fill(first)) } }),
    // The weights of weighted-l1 are a scale already.
    ...(logits && !weighted && { [SCALE]: { value: float32([], [SOFTPLUS_OF_ONE]) } }),
    ...(logits && { [OFFSET]: { value: float32([], [FIRST_OFFSET]) } }),
  };
}

/**
 * What weighted-l1 multiplies absolute differences with, `[E]`: softplus of alpha. Koch leaves the signs free; above 0 an image is
 * nearest to itself, and the sum is a metric. A scalar 1 for other distances.
 */
export function distanceFactors(weights: NamedTensors): tf.Tensor {
  const alpha = weights[ALPHA];
  return alpha === undefined ? tf.scalar(1) : tf.softplus(alpha);
}

/** The logit that a pair shows the same, of its distance: it falls as the distance grows, and is the offset where that is 0. */
export function pairLogits(weights: NamedTensors, distances: tf.Tensor): tf.Tensor {
  const scale = weights[SCALE];
  const scaled = scale === undefined ? distances : tf.mul(distances, tf.softplus(scale));
  return tf.sub(weights[OFFSET] as tf.Tensor, scaled);
}
