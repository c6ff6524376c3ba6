import { KindredError } from '../errors/kindred-error.js';
import type { TrainingMoment } from '../plugin/contract.js';

import type { TrainingOptions, TrainingTask } from './task.js';

type Rate = Pick<TrainingOptions, 'optimizer' | 'schedule' | 'warmup'>;

/**
 * The learning rate at a moment: the optimizer's, times the schedule's factor, times a warm-up that rises from 0 at the first step to 1
 * after `warmup` epochs.
 * @throws KINDRED_PLUGIN_RESULT unless the schedule gives a finite number that is not below 0
 */
export function learningRateAt({ optimizer, schedule, warmup = 0 }: Rate, moment: TrainingMoment): number {
  const factor = schedule?.(moment) ?? 1;
  if (!Number.isFinite(factor) || factor < 0) {
    throw new KindredError('KINDRED_PLUGIN_RESULT', {
      message: `The factor of a schedule must be a finite number that is not below 0. Got ${factor} at the position ${moment.position} of ${moment.epochs} epochs.`,
      received: factor,
    });
  }
  const risen = moment.position < warmup ? moment.position / warmup : 1;
  return optimizer.learningRate * factor * risen;
}

/** The task without gradients of the weights whose learning rate is 0 throughout: they stay as they are, decay of weights included. */
export function withFrozen(
  task: TrainingTask,
  { learningRateFactor }: Pick<TrainingOptions, 'learningRateFactor'>,
): TrainingTask {
  if (!learningRateFactor) return task;
  const initial = Object.entries(task.initial).map(([name, weight]) => {
    return [name, learningRateFactor(name) === 0 ? { ...weight, trainable: false } : weight] as const;
  });
  return { ...task, initial: Object.fromEntries(initial) };
}
