import { KindredError } from '../errors/kindred-error.js';
import { BACKBONE_PART } from '../manifest/training-mistakes.js';
import { call, callSync } from '../plugin/bound.js';
import type { BackboneModel } from '../plugin/contract.js';
import type { TrainingOptions, TrainingTask } from '../training/task.js';

import type { PipelinePlan } from './plan.js';

/** A task of a pipeline: a branch's head, or a backbone with the heads of its branches. */
export interface PipelineTask extends TrainingTask {
  /** Whose a weight is: `backbone`, or a branch by its name. Left out: the branch's that the task is named after. */
  partOf?(weight: string): string;
}

/**
 * What the manifest says of training, for one task.
 * @throws KINDRED_MANIFEST_VALUE if its learning rates leave nothing of the task to be trained
 */
export async function trainingOptions(plan: PipelinePlan, task: PipelineTask): Promise<TrainingOptions> {
  const { optimizer, schedule, manifest } = plan;
  const { epochs, restoreBest, patience, warmup, clipNorm, learningRateFactors: factors } = manifest.training;
  const learningRateFactor = factors && ((weight: string) => factors[task.partOf?.(weight) ?? task.name] ?? 1);
  if (learningRateFactor) requireTrained(task, learningRateFactor);
  const factor = schedule && (await call(schedule, 'create', (component, options) => component.create(options)));
  return {
    epochs,
    optimizer: await call(optimizer, 'create', (component, options) => component.create(options)),
    restoreBest,
    warmup,
    ...(patience !== undefined && { patience }),
    ...(clipNorm !== undefined && { clipNorm }),
    ...(learningRateFactor && { learningRateFactor }),
    ...(factor && { schedule: (moment) => callSync(schedule, 'schedule', () => factor(moment)) }),
  };
}

/** @throws KINDRED_CALIBRATION_DATA if the manifest asks for what only held-out samples can tell, and there are none */
export function requireHeldOut({ manifest, schedule }: PipelinePlan, batches: { readonly validation?: unknown }): void {
  const { restoreBest, patience } = manifest.training;
  const asking = [
    ...(restoreBest || patience !== undefined ? ['The training options "restoreBest" and "patience" need'] : []),
    ...(schedule?.component.tags?.needsHeldOut ? [`The schedule ${schedule.component.name} needs`] : []),
  ];
  if (batches.validation || asking.length === 0) return;
  throw new KindredError('KINDRED_CALIBRATION_DATA', {
    message: `${asking[0]} held-out samples. The validation part is empty.`,
    path: 'data.split.validation',
    hint: `Give "validation" in "data.split" a share, or leave ${restoreBest || patience !== undefined ? 'the two options' : 'the schedule'} out.`,
  });
}

/** @throws KINDRED_MANIFEST_VALUE for a factor that could have no effect: that of a backbone which is not trained */
export function refuseFactors({ manifest, backbone }: PipelinePlan, { trainable }: BackboneModel): void {
  if (trainable || manifest.training.learningRateFactors?.[BACKBONE_PART] === undefined) return;
  throw new KindredError('KINDRED_MANIFEST_VALUE', {
    message: `The backbone must be trained to have a learning rate. ${backbone.component.name} is frozen here.`,
    path: `training.learningRateFactors.${BACKBONE_PART}`,
    hint: 'Leave the factor out, or let the backbone be trained.',
  });
}

function requireTrained({ name, initial }: PipelineTask, factor: (weight: string) => number): void {
  const trained = Object.keys(initial).some((weight) => (initial[weight]?.trainable ?? true) && factor(weight) > 0);
  if (trained) return;
  throw new KindredError('KINDRED_MANIFEST_VALUE', {
    message: `Something of '${name}' must be trained. All of its weights have a learning rate of 0.`,
    path: 'training.learningRateFactors',
    hint: 'Give one of the factors a number above 0.',
  });
}
