import {
  KindredError,
  type ComponentsContext,
  type LossFunction,
  type LossInput,
  type NamedTensors,
} from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';

import { distanceAlong, pairwiseDistances, type DistanceName } from './distances.js';
import { distanceFactors, pairLogits } from './embedding-network.js';
import { membersOf, sharedLabels } from './groups.js';
import { batchDistances, type BatchDistances } from './mining.js';
import { allPairsLoss, hardPairsLoss } from './mining-pairs.js';
import { allTripletsLoss, hardTripletsLoss, lossOf, semiHardTripletsLoss } from './mining-triplets.js';
import type { SiameseOptions } from './options.js';

export type SamplerName = NonNullable<SiameseOptions['sampler']>;
type Mining = NonNullable<SiameseOptions['mining']>;

/** What is trained, with what the options leave to the loss. */
export interface Objective {
  readonly sampler: SamplerName;
  /** What the loss is a function of. */
  readonly of: LossInput;
  /** The mean loss of a batch: embeddings `[B, E]` and targets `[B, L]`. */
  readonly loss: (embeddings: tf.Tensor, targets: tf.Tensor, weights: NamedTensors) => tf.Tensor;
}

type MinedLoss = (elementLoss: LossFunction, batch: BatchDistances) => tf.Tensor;
const OF_PAIRS: Partial<Record<Mining, MinedLoss>> = { all: allPairsLoss, hard: hardPairsLoss };
const OF_TRIPLETS: Record<Mining, MinedLoss> = {
  all: allTripletsLoss,
  'semi-hard': semiHardTripletsLoss,
  hard: hardTripletsLoss,
};

/** @throws KINDRED_MANIFEST_VALUE if loss, sampler and mining do not fit together */
export function createObjective(options: SiameseOptions, ctx: ComponentsContext): Objective {
  const of = ctx.lossInput(options.loss);
  const ofTriplets = of === 'triplets';
  const {
    distance: name,
    sampler = ofTriplets ? 'batch' : 'pairs',
    mining = ofTriplets ? 'semi-hard' : 'all',
  } = options;
  const given = ctx.loss(options.loss, of);
  if (sampler === (ofTriplets ? 'pairs' : 'triplets')) throw samplerError(sampler, options.loss.use, ofTriplets);
  const mined = (ofTriplets ? OF_TRIPLETS : OF_PAIRS)[mining];
  if (mined === undefined) throw miningError(mining, options.loss.use);

  return {
    sampler,
    of,
    loss(embeddings, targets, weights) {
      const factors = distanceFactors(weights);
      const elementLoss = of === 'logits' ? ofLogits(given, weights) : given;
      if (sampler === 'batch') {
        const distances = pairwiseDistances(name, embeddings, embeddings, factors);
        return mined(elementLoss, batchDistances(distances, targets));
      }
      return tf.mean(groupLosses(elementLoss, { name, ofTriplets, factors }, embeddings, targets));
    },
  };
}

/** The losses of the pairs or triplets that rows come in. */
function groupLosses(
  elementLoss: LossFunction,
  { name, ofTriplets, factors }: { name: DistanceName; ofTriplets: boolean; factors: tf.Tensor },
  embeddings: tf.Tensor,
  targets: tf.Tensor,
): tf.Tensor {
  const [first, second, third] = membersOf(embeddings, ofTriplets ? 3 : 2);
  const toSecond = distanceAlong(name, first!, second!, factors);
  if (third) return lossOf(elementLoss, toSecond, distanceAlong(name, first!, third, factors));
  const [a, b] = membersOf(targets, 2);
  return elementLoss(toSecond, sharedLabels(a!, b!));
}

/** A loss of logits as one of distances `[P]`. */
function ofLogits(loss: LossFunction, weights: NamedTensors): LossFunction {
  return (distances, targets) => {
    const column = (x: tf.Tensor) => tf.reshape(x, [x.size, 1]);
    return tf.reshape(loss(column(pairLogits(weights, distances)), column(targets)), distances.shape);
  };
}

function samplerError(sampler: SamplerName, loss: string, ofTriplets: boolean): KindredError {
  const fitting = ofTriplets ? ['triplets', 'batch'] : ['pairs', 'batch'];
  return new KindredError('KINDRED_MANIFEST_VALUE', {
    message: `The 'sampler' of the head siamese must be ${fitting.map((name) => `"${name}"`).join(' or ')} with the loss ${loss}, which is one of ${ofTriplets ? 'triplets' : 'pairs'}. Got "${sampler}".`,
    path: 'sampler',
    received: sampler,
    hint: 'Leave "sampler" out, or use another loss.',
  });
}

function miningError(mining: Mining, loss: string): KindredError {
  return new KindredError('KINDRED_MANIFEST_VALUE', {
    message: `The 'mining' of the head siamese must be "all" or "hard" with the loss ${loss}, which is one of pairs. Got "${mining}".`,
    path: 'mining',
    received: mining,
    hint: 'Leave "mining" out, or use a loss of triplets.',
  });
}
