import { setImmediate } from 'node:timers/promises';

import type { ProgressStep } from '../context/progress.js';
import { KindredError } from '../errors/kindred-error.js';
import type { TrainingMoment } from '../plugin/contract.js';
import type { Executable } from '../plugin/engine-contract.js';
import { float32, int32 } from '../tensor/nd-array.js';

import { eachAhead, rowsOf } from './batches.js';
import { firstNotFinite } from './diagnose.js';
import { notFiniteError } from './finite.js';
import { learningRateAt } from './learning-rate.js';
import { goBackBefore, runGroup, stepGroups, type StepInputs } from './step-groups.js';
import { batchInputs, GRADIENT_NORM, LEARNING_RATE, LOSS, SEED, weightsOf } from './step.js';
import type { BatchSource, EpochRecord, TrainingOptions, TrainingServices, TrainingTask } from './task.js';

/** Seeds are the int32 that are not negative. */
const SEED_LIMIT = 2 ** 31 - 1;

export interface Run {
  readonly task: TrainingTask;
  readonly batches: BatchSource;
  readonly options: TrainingOptions;
  readonly services: TrainingServices;
}

interface EpochStart {
  readonly epoch: number;
  /** The epochs before. */
  readonly history: readonly EpochRecord[];
  /** Called after each step whose loss is finite. */
  onStep(this: void): void;
}

/**
 * One pass over the data.
 * @throws KINDRED_TRAIN_NAN, KINDRED_DATA_EMPTY
 */
export async function trainEpoch(
  run: Run,
  executable: Executable,
  progress: ProgressStep,
  start: EpochStart,
): Promise<EpochRecord> {
  const { task, options, services } = run;
  const { signal } = services;
  const { epoch } = start;
  let [samples, steps, lossSum, normSum, learningRate] = [0, 0, 0, 0, 0];
  await eachAhead(stepGroups(epochInputs(run, start), executable), async (group) => {
    signal.throwIfAborted();
    const outputs = await runGroup(executable, group, { signal });
    for (const [i, step] of group.entries()) {
      steps++;
      const [loss = NaN, norm = NaN] = [outputs[i]?.[LOSS]?.data[0], outputs[i]?.[GRADIENT_NORM]?.data[0]];
      if (!Number.isFinite(loss) || !Number.isFinite(norm)) {
        const first = await whereNotFinite(run, executable, group, i);
        const [what, value] = Number.isFinite(loss) ? ["gradient's length", norm] : ['loss', loss];
        throw notFiniteError(value, what, { task: task.name, epoch, step: steps, first });
      }
      start.onStep();
      normSum += norm;
      const rows = rowsOf(step.batch);
      samples += rows;
      lossSum += loss * rows;
      learningRate = step.learningRate;
      progress.advance(rows, `epoch ${epoch}/${options.epochs}, loss ${(lossSum / samples).toPrecision(3)}`);
    }
    // Lets signals and timers through, also where engine and batches never leave this turn of the event loop.
    await setImmediate();
  });
  if (samples === 0) {
    throw new KindredError('KINDRED_DATA_EMPTY', {
      message: `The training of '${task.name}' must get samples. Epoch ${epoch} had none.`,
    });
  }
  return { epoch, loss: lossSum / samples, gradientNorm: normSum / steps, learningRate };
}

interface TrainingStep extends StepInputs {
  readonly learningRate: number;
}

/** The epoch's batches with what else their steps are given; seeds are drawn in the order of the batches. */
async function* epochInputs(
  { task, batches, options, services }: Run,
  { epoch, history }: EpochStart,
): AsyncGenerator<TrainingStep> {
  const random = services.random.fork(`${task.name} epoch ${epoch}`);
  const moment: Omit<TrainingMoment, 'position'> = {
    epochs: options.epochs,
    validationLosses: history.map(({ validationLoss }) => validationLoss ?? NaN),
  };
  let given = 0;
  for await (const batch of batches.epoch(epoch)) {
    const part = batches.samples ? Math.min(given / batches.samples, 1) : 0;
    given += rowsOf(batch);
    const learningRate = learningRateAt(options, { ...moment, position: epoch - 1 + part });
    const rate = float32([], [learningRate]);
    const seed = int32([], [random.integer(SEED_LIMIT)]);
    yield { batch, learningRate, inputs: { ...batchInputs(batch), [SEED]: seed, [LEARNING_RATE]: rate } };
  }
}

/** Looks into the step that went wrong, the group's step of this number, with the weights that it started from. */
async function whereNotFinite(
  { task, services }: Run,
  executable: Executable,
  group: readonly StepInputs[],
  number: number,
): Promise<string | undefined> {
  const failed = group[number];
  const seed = failed?.inputs[SEED];
  if (!failed || !seed || !(await goBackBefore(executable, group, number))) return undefined;
  const weights = weightsOf(await executable.readVariables());
  return firstNotFinite(task, { batch: failed.batch, seed, weights }, services);
}
