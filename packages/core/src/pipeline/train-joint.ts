import type { Tensor } from '@tensorflow/tfjs-core';

import type { Scope } from '../container/scope.js';
import { PLAN } from '../container/tokens.js';
import type { BackboneModel, HeadModel, HeadSpec, Sample } from '../plugin/contract.js';
import type { NamedTensors } from '../plugin/engine-contract.js';
import type { NdArray, NdArrays } from '../tensor/nd-array.js';
import { addScope, scopeNetwork, takeScope } from '../training/scope.js';
import type { EpochRecord, TrainingTask } from '../training/task.js';

import { openAugmentation, refuseMixing } from './augmentation.js';
import { initialWeights } from './backbone.js';
import { headModel } from './branch-stage.js';
import { imageBatches, type ImageBatchesOptions } from './image-batches.js';
import { contextFor } from './open-scope.js';
import { trainTask, type TaskResult } from './train-task.js';

export interface Part {
  readonly samples: readonly Sample[];
  readonly targets: NdArray<'uint8'>;
}

export interface JointResult {
  /** The branches that were trained together, `genres+tags`. */
  readonly name: string;
  readonly backbone: NdArrays;
  readonly heads: Readonly<Record<string, NdArrays>>;
  readonly history: readonly EpochRecord[];
  readonly diverged: TaskResult['diverged'];
}

/** Trains the backbone and the heads of all branches as one network; their losses are summed. */
export async function trainJointly(
  scope: Scope,
  model: BackboneModel,
  specs: Readonly<Record<string, HeadSpec>>,
  parts: { readonly train: Part; readonly validation: Part },
): Promise<JointResult> {
  const { branches, manifest } = scope.resolve(PLAN);
  const ctx = await contextFor(scope, 'training');
  const heads: Record<string, HeadModel> = {};
  for (const branch of branches) {
    const spec = specs[branch.name];
    if (spec) heads[branch.name] = await headModel(branch, spec, ctx);
  }

  refuseMixing(scope.resolve(PLAN), heads);
  const augmentation = await openAugmentation(scope, model.input, ctx.random.fork('augmentation'));
  const source = (part: Part, training: Pick<ImageBatchesOptions, 'random' | 'augmentation'> = {}) =>
    imageBatches(part.samples, part.targets, {
      spec: model.input,
      batchSize: manifest.training.batchSize,
      limitInputPixels: manifest.data.limitInputPixels,
      signal: ctx.signal,
      ...training,
    });
  const { weights, history, diverged } = await trainTask(
    scope,
    jointTask(scope, model, heads, ctx.random),
    {
      train: source(parts.train, { random: ctx.random.fork('shuffle'), augmentation }),
      ...(parts.validation.samples.length > 0 && { validation: source(parts.validation) }),
    },
    ctx,
  ).finally(() => augmentation?.close());
  return {
    name: Object.keys(heads).join('+'),
    backbone: takeScope('backbone', weights),
    heads: Object.fromEntries(Object.keys(heads).map((name) => [name, takeScope(`heads/${name}`, weights)])),
    history,
    diverged,
  };
}

function jointTask(
  scope: Scope,
  model: BackboneModel,
  heads: Readonly<Record<string, HeadModel>>,
  random: Parameters<HeadModel['network']['init']>[0],
): TrainingTask {
  const backbone = scopeNetwork('backbone', model.network);
  const scoped = Object.entries(heads).map(([name, head]) => ({
    head,
    name: `heads/${name}`,
    network: scopeNetwork(`heads/${name}`, head.network),
  }));
  return {
    name: Object.keys(heads).join('+'),
    splittable: scoped.every(({ head }) => head.splittable ?? true),
    initial: Object.assign(
      {},
      addScope('backbone', initialWeights(scope, model)),
      ...scoped.map(({ network, name }) => network.init(random.fork(name))),
    ) as TrainingTask['initial'],
    objective(batch, weights: NamedTensors, mode) {
      const features = backbone.forward(weights, batch['images'] as Tensor, mode);
      const losses = scoped.map(({ head, network, name }) =>
        head.loss(network.forward(weights, features, mode), batch['y'] as Tensor, takeScope(name, weights)),
      );
      return losses.reduce((sum, loss) => sum.add(loss));
    },
  };
}
