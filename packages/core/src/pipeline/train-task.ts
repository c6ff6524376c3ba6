import type { Scope } from '../container/scope.js';
import { CHECKPOINTS, PLAN } from '../container/tokens.js';
import type { Engine } from '../plugin/engine-contract.js';
import { TrainingDivergedError } from '../training/finite.js';
import { createLossEvaluator } from '../training/evaluate-loss.js';
import type { BatchSource, TrainingResult, TrainingServices } from '../training/task.js';
import { trainNetwork } from '../training/train-network.js';

import { requireHeldOut, trainingOptions, type PipelineTask } from './training-options.js';

/** `diverged`: why training ended early, where it left weights of an earlier epoch that are good. */
export interface TaskResult extends TrainingResult {
  readonly diverged?: TrainingDivergedError;
}

/**
 * Trains `task` as the manifest's `training` says, watching the loss on held-out batches where there are any, and keeps it after each
 * epoch where the scope has checkpoints.
 */
export async function trainTask(
  scope: Scope,
  task: PipelineTask,
  batches: { readonly train: BatchSource; readonly validation?: BatchSource },
  services: TrainingServices & { readonly engine: Engine },
): Promise<TaskResult> {
  const { manifest } = scope.resolve(PLAN);
  requireHeldOut(scope.resolve(PLAN), batches);
  const checkpoint = scope.resolve(CHECKPOINTS).of(task.name, { manifest, engine: services.engine });
  const options = { ...(await trainingOptions(scope.resolve(PLAN), task)), ...(checkpoint && { checkpoint }) };
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
