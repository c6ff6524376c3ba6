import { setImmediate } from 'node:timers/promises';

import type { ProgressStep } from '../context/progress.js';
import { isKindredError, KindredError } from '../errors/kindred-error.js';
import type { Executable } from '../plugin/engine-contract.js';
import { float32, int32 } from '../tensor/nd-array.js';
import { prepareTfGradients } from '../tensor/tf-runtime.js';

import { eachAhead, rowsOf } from './batches.js';
import { createSelection, type Selection } from './best-epoch.js';
import { firstNotFinite } from './diagnose.js';
import { checkFiniteWeights, notFiniteError, TrainingDivergedError } from './finite.js';
import { goBackBefore, runGroup, stepGroups, type StepInputs } from './step-groups.js';
import { batchInputs, GRADIENT_NORM, LEARNING_RATE, LOSS, SEED, stepProgram, weightsOf } from './step.js';
import type {
  BatchSource,
  EpochRecord,
  TrainingOptions,
  TrainingResult,
  TrainingServices,
  TrainingTask,
} from './task.js';

/** Seeds are the int32 that are not negative. */
const SEED_LIMIT = 2 ** 31 - 1;

/**
 * Trains by minibatch gradient descent on `services.engine`. What an epoch draws depends on `services.random` and the epoch's
 * number alone, so a run is repeatable; the step's variables and the history are all of its state at an epoch's end.
 * @throws KINDRED_TRAIN_NAN (a TrainingDivergedError, which has the last good weights) if the loss, a gradient or a weight stops being
 * finite; KINDRED_DATA_EMPTY if an epoch has no batches; KINDRED_ENGINE_*; the signal's reason on abort.
 */
export async function trainNetwork(
  task: TrainingTask,
  batches: BatchSource,
  options: TrainingOptions,
  services: TrainingServices,
): Promise<TrainingResult> {
  await prepareTfGradients();
  const run: Run = { task, batches, options, services };
  const program = stepProgram(task, options.optimizer);
  const step = await services.engine.compile(program);
  const { samples } = batches;
  const progress = services.progress.start({
    name: `train ${task.name}`,
    unit: 'samples',
    ...(samples === undefined ? {} : { total: samples * options.epochs }),
  });
  try {
    return await trainEpochs(run, step, progress);
  } finally {
    progress.end();
    await step.dispose();
  }
}

interface Run {
  readonly task: TrainingTask;
  readonly batches: BatchSource;
  readonly options: TrainingOptions;
  readonly services: TrainingServices;
}

async function trainEpochs(run: Run, step: Executable, progress: ProgressStep): Promise<TrainingResult> {
  const { options } = run;
  const history: EpochRecord[] = [];
  const selection = createSelection(weightsOf(await step.readVariables()), options);
  const result = (): TrainingResult => {
    const { weights, epoch } = selection.chosen;
    return { weights, epoch, history: [...history] };
  };
  // Finite weights may be far off already: they are good once they have given a finite loss.
  let last: TrainingResult | undefined;
  let good: TrainingResult | undefined;
  try {
    for (let epoch = 1; epoch <= options.epochs; epoch++) {
      const record = await trainEpoch(run, step, progress, { epoch, onStep: () => (good = last) });
      if (await concludeEpoch(run, step, { record, history, selection })) break;
      last = result();
      if (options.validate) good = last;
    }
  } catch (error) {
    if (!isKindredError(error) || error.code !== 'KINDRED_TRAIN_NAN') throw error;
    throw new TrainingDivergedError(error, good);
  }
  return result();
}

/** Validates the weights after an epoch; true if training should stop. */
async function concludeEpoch(
  { task, options }: Run,
  step: Executable,
  so: { readonly record: EpochRecord; readonly history: EpochRecord[]; readonly selection: Selection },
): Promise<boolean> {
  const { epoch } = so.record;
  const weights = weightsOf(await step.readVariables());
  checkFiniteWeights(task.name, weights, epoch);
  const validationLoss = await options.validate?.(weights, epoch);
  if (validationLoss !== undefined && !Number.isFinite(validationLoss)) {
    throw notFiniteError(validationLoss, 'validation loss', { task: task.name, epoch });
  }
  so.history.push(validationLoss === undefined ? so.record : { ...so.record, validationLoss });
  return so.selection.offer({ epoch, weights, validationLoss });
}

async function trainEpoch(
  run: Run,
  executable: Executable,
  progress: ProgressStep,
  { epoch, onStep }: { readonly epoch: number; onStep(this: void): void },
): Promise<EpochRecord> {
  const { task, options, services } = run;
  const { signal } = services;
  let [samples, steps, lossSum, normSum] = [0, 0, 0, 0];
  await eachAhead(stepGroups(epochInputs(run, epoch), executable), async (group) => {
    signal.throwIfAborted();
    const outputs = await runGroup(executable, group, { signal });
    for (const [i, { batch }] of group.entries()) {
      steps++;
      const [loss = NaN, norm = NaN] = [outputs[i]?.[LOSS]?.data[0], outputs[i]?.[GRADIENT_NORM]?.data[0]];
      if (!Number.isFinite(loss) || !Number.isFinite(norm)) {
        const first = await whereNotFinite(run, executable, group, i);
        const [what, value] = Number.isFinite(loss) ? ["gradient's length", norm] : ['loss', loss];
        throw notFiniteError(value, what, { task: task.name, epoch, step: steps, first });
      }
      onStep();
      normSum += norm;
      const rows = rowsOf(batch);
      samples += rows;
      lossSum += loss * rows;
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
  return { epoch, loss: lossSum / samples, gradientNorm: normSum / steps };
}

/** The epoch's batches with what else their steps are given; seeds are drawn in the order of the batches. */
async function* epochInputs({ task, batches, options, services }: Run, epoch: number): AsyncGenerator<StepInputs> {
  const random = services.random.fork(`${task.name} epoch ${epoch}`);
  const learningRate = float32([], [options.optimizer.learningRate]);
  for await (const batch of batches.epoch(epoch)) {
    const seed = int32([], [random.integer(SEED_LIMIT)]);
    yield { batch, inputs: { ...batchInputs(batch), [SEED]: seed, [LEARNING_RATE]: learningRate } };
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
