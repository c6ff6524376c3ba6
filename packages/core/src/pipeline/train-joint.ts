import type { Scope } from '../container/scope.js';
import { PLAN } from '../container/tokens.js';
import type { Random } from '../context/random.js';
import type { BackboneModel, HeadModel, HeadSpec } from '../plugin/contract.js';
import type { NdArrays } from '../tensor/nd-array.js';
import { everyRow } from '../training/row-order.js';
import { takeScope } from '../training/scope.js';
import type { EpochRecord } from '../training/task.js';

import { openAugmentation, refuseMixing } from './augmentation.js';
import { initialWeights } from './backbone.js';
import { headModel } from './branch-stage.js';
import { jointBatches, type JointReading, type Part } from './joint-batches.js';
import { jointOrder } from './joint-order.js';
import { jointTask } from './joint-task.js';
import { contextFor } from './open-scope.js';
import type { StoredStem } from './stored-stem.js';
import { trainTask, type TaskResult } from './train-task.js';

/** What a backbone and heads are trained on. */
export interface JointData {
  readonly train: Part;
  readonly validation: Part;
  /** What the stem gave for all these images; absent where they are decoded in every epoch. */
  readonly stored?: StoredStem | undefined;
}

export interface JointResult {
  /** The branches that were trained together, `genres+tags`. */
  readonly name: string;
  readonly backbone: NdArrays;
  readonly heads: Readonly<Record<string, NdArrays>>;
  readonly history: readonly EpochRecord[];
  readonly diverged: TaskResult['diverged'];
}

/**
 * Trains the backbone and the heads of all branches as one network; their losses are summed.
 * @throws KINDRED_MANIFEST_VALUE for heads that cannot share batches; KINDRED_DATA_PAIRS; what training throws
 */
export async function trainJointly(
  scope: Scope,
  model: BackboneModel,
  specs: Readonly<Record<string, HeadSpec>>,
  { train, validation, stored }: JointData,
): Promise<JointResult> {
  const plan = scope.resolve(PLAN);
  const { batchSize } = plan.manifest.training;
  const ctx = await contextFor(scope, 'training');
  const heads: Record<string, HeadModel> = {};
  for (const branch of plan.branches) {
    const spec = specs[branch.name];
    if (spec) heads[branch.name] = await headModel(branch, spec, ctx);
  }

  refuseMixing(plan, heads);
  const shuffle = ctx.random.fork('shuffle');
  const source = (part: Part, own: { random?: Random } & Pick<JointReading, 'augmentation'>) => {
    const { random = shuffle.fork('validation'), augmentation } = own;
    const sampled = jointOrder(heads, { targets: part.targets, batchSize, random });
    const order = sampled ?? everyRow(part.samples.length, own.random);
    return jointBatches(scope, part, { spec: model.input, order, signal: ctx.signal, stored, augmentation });
  };
  const augmentation = await openAugmentation(scope, model.input, ctx.random.fork('augmentation'));
  try {
    const { weights, history, diverged } = await trainTask(
      scope,
      jointTask({ model, heads, initial: initialWeights(scope, model), stored: stored !== undefined }, ctx.random),
      {
        train: source(train, { random: shuffle, augmentation }),
        ...(validation.samples.length > 0 && { validation: source(validation, {}) }),
      },
      ctx,
    );
    return {
      name: Object.keys(heads).join('+'),
      backbone: takeScope('backbone', weights),
      heads: Object.fromEntries(Object.keys(heads).map((name) => [name, takeScope(`heads/${name}`, weights)])),
      history,
      diverged,
    };
  } finally {
    await augmentation?.close();
  }
}
