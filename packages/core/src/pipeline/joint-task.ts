import type { Tensor } from '@tensorflow/tfjs-core';

import type { Random } from '../context/random.js';
import { BACKBONE_PART } from '../manifest/training-mistakes.js';
import type { BackboneModel, HeadModel, Weights } from '../plugin/contract.js';
import type { NamedTensors } from '../plugin/engine-contract.js';
import { inferenceMode } from '../training/mode.js';
import { addScope, inScope, scopeNetwork, takeScope } from '../training/scope.js';

import type { PipelineTask } from './training-options.js';
import { stemWeights } from './whole-backbone.js';

export interface JointNetworks {
  readonly model: BackboneModel;
  /** What the backbone's network starts with. */
  readonly initial: Weights;
  /** By branch. */
  readonly heads: Readonly<Record<string, HeadModel>>;
  /** Whether batches hold what the stem gives, under `x`; else they hold `images`, which go through the stem in every step. */
  readonly stored: boolean;
}

/**
 * A backbone and heads as one network, with the sum of the heads' losses. Weights are named `backbone/...` and `heads/<branch>/...`; those
 * of a stem are constants.
 */
export function jointTask({ model, initial, heads, stored }: JointNetworks, random: Random): PipelineTask {
  const backbone = scopeNetwork('backbone', model.network);
  const scoped = Object.entries(heads).map(([name, head]) => ({
    head,
    name: `heads/${name}`,
    network: scopeNetwork(`heads/${name}`, head.network),
  }));
  const stem = stored ? undefined : model.stem;
  return {
    name: Object.keys(heads).join('+'),
    splittable: scoped.every(({ head }) => head.splittable ?? true),
    initial: Object.assign(
      {},
      addScope('backbone', initial),
      ...scoped.map(({ network, name }) => network.init(random.fork(name))),
    ) as Weights,
    ...(stem && { constants: stemWeights(stem) }),
    partOf: (weight) => scoped.find(({ name }) => inScope(name, weight))?.name.slice('heads/'.length) ?? BACKBONE_PART,
    objective(batch, weights: NamedTensors, mode, constants) {
      const images = batch['images'] as Tensor;
      const x = stem ? stem.network.forward(constants, images, inferenceMode) : (batch['x'] ?? images);
      const features = backbone.forward(weights, x, mode);
      const losses = scoped.map(({ head, network, name }) =>
        head.loss(network.forward(weights, features, mode), batch['y'] as Tensor, takeScope(name, weights)),
      );
      return losses.reduce((sum, loss) => sum.add(loss));
    },
  };
}
