import type { Scope } from '../container/scope.js';
import { PLAN } from '../container/tokens.js';
import { KindredError } from '../errors/kindred-error.js';
import { call } from '../plugin/bound.js';
import type { Engine } from '../plugin/engine-contract.js';
import { TrainingDivergedError } from '../training/finite.js';
import { createLossEvaluator } from '../training/evaluate-loss.js';
import type { BatchSource, TrainingOptions, TrainingResult, TrainingServices, TrainingTask } from '../training/task.js';
import { trainNetwork } from '../training/train-network.js';

/** `diverged`: why training ended early, where it left weights of an earlier epoch that are good. */
export interface TaskResult extends TrainingResult {
  readonly diverged?: TrainingDivergedError;
}

/** Trains `task` as the manifest's `training` says, watching the loss on held-out batches where there are any. */
export async function trainTask(
  scope: Scope,
  task: TrainingTask,
  batches: { readonly train: BatchSource; readonly validation?: BatchSource },
  services: TrainingServices & { readonly engine: Engine },
): Promise<TaskResult> {
  const { optimizer: bound, manifest } = scope.resolve(PLAN);
  const { epochs, restoreBest, patience } = manifest.training;
  const optimizer = await call(bound, 'create', (component, options) => component.create(options));
  if (!batches.validation && (restoreBest || patience !== undefined)) {
    throw new KindredError('KINDRED_CALIBRATION_DATA', {
      message: 'The training options "restoreBest" and "patience" need held-out samples. The validation part is empty.',
      path: 'data.split.validation',
      hint: 'Give "validation" in "data.split" a share, or leave the two options out.',
    });
  }
  const options: TrainingOptions = { epochs, optimizer, restoreBest, ...(patience !== undefined && { patience }) };
  if (!batches.validation) return unlessDiverged(trainNetwork(task, batches.train, options, services));

  const evaluator = await createLossEvaluator(task, batches.validation, services.engine);
  const { signal } = services;
  try {
    const validate = (weights: TrainingResult['weights']) => evaluator.evaluate(weights, { signal });
    return await unlessDiverged(trainNetwork(task, batches.train, { ...options, validate }, services));
  } finally {
    await evaluator.dispose();
  }
}

/** Hours of training are not lost with the last step: what was good goes on to be measured and saved. */
async function unlessDiverged(training: Promise<TrainingResult>): Promise<TaskResult> {
  try {
    return await training;
  } catch (error) {
    if (error instanceof TrainingDivergedError && error.kept) return { ...error.kept, diverged: error };
    throw error;
  }
}
