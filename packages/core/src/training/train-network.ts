import { isKindredError } from '../errors/kindred-error.js';
import type { ProgressStep } from '../context/progress.js';
import type { Executable } from '../plugin/engine-contract.js';
import { prepareTfGradients } from '../tensor/tf-runtime.js';

import { createSelection, type Selection } from './best-epoch.js';
import { requireSameShapes } from './checkpoint.js';
import { checkFiniteWeights, notFiniteError, TrainingDivergedError } from './finite.js';
import { withFrozen } from './learning-rate.js';
import { stepProgram, weightsOf } from './step.js';
import type {
  BatchSource,
  EpochRecord,
  EpochWeights,
  TrainingCheckpoint,
  TrainingOptions,
  TrainingResult,
  TrainingServices,
  TrainingTask,
} from './task.js';
import { trainEpoch, type Run } from './train-epoch.js';

/**
 * Trains by minibatch gradient descent on `services.engine`. What an epoch draws depends on `services.random` and the epoch's
 * number alone, so a run is repeatable; the step's variables and the history are all of its state at an epoch's end, and a run that
 * goes on from a checkpoint gives what it would have given without a stop.
 * @throws KINDRED_TRAIN_NAN (a TrainingDivergedError, which has the last good weights) if the loss, a gradient or a weight stops being
 * finite; KINDRED_DATA_EMPTY if an epoch has no batches; KINDRED_CHECKPOINT_INVALID; KINDRED_ENGINE_*; the signal's reason on abort.
 */
export async function trainNetwork(
  task: TrainingTask,
  batches: BatchSource,
  options: TrainingOptions,
  services: TrainingServices,
): Promise<TrainingResult> {
  await prepareTfGradients();
  const run: Run = { task: withFrozen(task, options), batches, options, services };
  const program = stepProgram(run.task, options);
  const resumed = await options.checkpoint?.read();
  if (resumed) {
    requireSameShapes(task.name, resumed, program.variables ?? {});
    const { history, chosen } = resumed;
    if (isDone(options, history, createSelection(chosen, options, history))) return { ...chosen, history };
  }
  const step = await services.engine.compile(program);
  const { samples } = batches;
  const epochs = options.epochs - (resumed?.history.length ?? 0);
  const progress = services.progress.start({
    name: `train ${task.name}`,
    unit: 'samples',
    ...(samples === undefined ? {} : { total: samples * epochs }),
  });
  try {
    if (resumed) await step.writeVariables(resumed.variables);
    return await trainEpochs(run, step, progress, resumed);
  } finally {
    progress.end();
    await step.dispose();
  }
}

function isDone({ epochs }: TrainingOptions, { length }: readonly EpochRecord[], { stopped }: Selection): boolean {
  return length >= epochs || stopped;
}

async function trainEpochs(
  run: Run,
  step: Executable,
  progress: ProgressStep,
  resumed: TrainingCheckpoint | undefined,
): Promise<TrainingResult> {
  const { options } = run;
  const history = [...(resumed?.history ?? [])];
  const start = resumed?.chosen ?? { epoch: 0, weights: weightsOf(await step.readVariables()) };
  const selection = createSelection(start, options, history);
  // Finite weights may be far off already: they are good once they have given a finite loss.
  let last: EpochWeights | undefined = resumed?.chosen;
  let good: EpochWeights | undefined = options.validate ? last : resumed?.good;
  try {
    while (!isDone(options, history, selection)) {
      const epoch = history.length + 1;
      const onStep = () => (good = last);
      const record = await trainEpoch(run, step, progress, { epoch, history, onStep });
      const variables = await concludeEpoch(run, step, { record, history, selection });
      last = selection.chosen;
      if (options.validate) good = last;
      await options.checkpoint?.write({
        variables,
        history: [...history],
        chosen: last,
        ...(good && !options.validate && { good }),
      });
    }
  } catch (error) {
    if (!isKindredError(error) || error.code !== 'KINDRED_TRAIN_NAN') throw error;
    const known = options.validate ? history : history.slice(0, good?.epoch);
    throw new TrainingDivergedError(error, good && { ...good, history: known });
  }
  return { ...selection.chosen, history };
}

/** Validates the weights after an epoch and offers them; returns the step's variables. */
async function concludeEpoch(
  { task, options }: Run,
  step: Executable,
  so: { readonly record: EpochRecord; readonly history: EpochRecord[]; readonly selection: Selection },
): Promise<TrainingCheckpoint['variables']> {
  const { epoch } = so.record;
  const variables = await step.readVariables();
  const weights = weightsOf(variables);
  checkFiniteWeights(task.name, weights, epoch);
  const validationLoss = await options.validate?.(weights, epoch);
  if (validationLoss !== undefined && !Number.isFinite(validationLoss)) {
    throw notFiniteError(validationLoss, 'validation loss', { task: task.name, epoch });
  }
  so.history.push(validationLoss === undefined ? so.record : { ...so.record, validationLoss });
  so.selection.offer({ epoch, weights, validationLoss });
  return variables;
}
