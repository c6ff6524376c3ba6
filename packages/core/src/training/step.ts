import * as tf from '@tensorflow/tfjs-core';

import { KindredError } from '../errors/kindred-error.js';
import type { Mode, OptimizerModel } from '../plugin/contract.js';
import type { NamedTensors, Program, ProgramTensors, ShardedProgram } from '../plugin/engine-contract.js';
import { float32, type NdArrays } from '../tensor/nd-array.js';

import { clipByGlobalNorm, globalNorm } from './gradient-norm.js';
import { createTrainingMode, inferenceMode, type TrainingMode } from './mode.js';
import { addScope, inScope, takeScope } from './scope.js';
import type { TrainingOptions, TrainingTask } from './task.js';

const WEIGHTS = 'weights';
const BATCH = 'batch';
/** The optimizer's steps so far. */
const STEP = 'step';
const slotScope = (slot: string) => `slots/${slot}`;

/** Names of the step's inputs beside the batch. */
export const SEED = 'seed';
export const LEARNING_RATE = 'learningRate';
/** Scopes of what its first stage gives beside the loss: gradients, and new values of what is not trained by them. */
export const GRADIENTS = 'gradients';
export const UPDATES = 'updates';
/** Names of its outputs. */
export const LOSS = 'loss';
export const GRADIENT_NORM = 'gradientNorm';

/** How weights follow their gradients. */
export type UpdateRule = Pick<TrainingOptions, 'optimizer' | 'clipNorm' | 'learningRateFactor'>;

/**
 * One step of training as a program: forward pass, gradients and the optimizer's update. Weights, slots and the step's
 * number are its variables: with the place in the data, they are the whole state of a training run.
 */
export function stepProgram(task: TrainingTask, rule: UpdateRule): Program {
  const { optimizer } = rule;
  const trainable = trainableNames(task);
  const stages: ShardedProgram = {
    splits: (input) => inScope(BATCH, input),
    partial: (tensors, shard) => gradientStage(task, tensors, shard),
    finish: (tensors, means) => updateStage(rule, trainable, tensors, means),
  };
  return {
    name: `${task.name}: training step`,
    ...(task.constants && { constants: task.constants }),
    variables: initialVariables(task, optimizer, trainable),
    run(tensors) {
      const means = stages.partial(tensors, tf.scalar(0, 'int32'));
      const outputs = stages.finish(tensors, means);
      // They were kept past the scope of the gradients.
      tf.dispose(takeScope(UPDATES, means));
      return outputs;
    },
    ...((task.splittable ?? true) && { sharded: stages }),
  };
}

/** Mean loss, gradients and new statistics of some rows, as `loss`, `gradients/<weight>` and `updates/<weight>`. */
export function gradientStage(
  task: TrainingTask,
  { inputs, variables, constants }: ProgramTensors,
  shard: tf.Tensor,
): NamedTensors {
  const mode = createTrainingMode(shardSeed(get(inputs, SEED), shard));
  const weights = takeScope(WEIGHTS, variables);
  const trainable = trainableNames(task);
  const { value: loss, grads } = tf.variableGrads(
    () => scalarLoss(task, { batch: takeScope(BATCH, inputs), weights, constants }, mode),
    trainable.map((name) => get(weights, name)),
  );
  // A weight that the loss does not depend on has no gradient and stays as it is.
  const gradients = trainable.flatMap((name) => {
    const gradient = grads[get(weights, name).name];
    return gradient ? [[name, gradient] as const] : [];
  });
  checkUpdates(task, mode);
  return {
    [LOSS]: loss,
    ...addScope(GRADIENTS, Object.fromEntries(gradients)),
    ...addScope(UPDATES, Object.fromEntries(mode.updates)),
  };
}

function updateStage(
  { optimizer, clipNorm, learningRateFactor }: UpdateRule,
  trainable: readonly string[],
  { inputs, variables }: ProgramTensors,
  means: NamedTensors,
): NamedTensors {
  const weights = takeScope(WEIGHTS, variables);
  const computed = takeScope(GRADIENTS, means);
  const norm = globalNorm(Object.values(computed));
  const gradients = clipNorm === undefined ? computed : clipByGlobalNorm(computed, norm, clipNorm);
  const step = tf.add(get(variables, STEP), tf.scalar(1));
  get(variables, STEP).assign(step);
  const bySlot = optimizer.slots.map((slot) => [slot, takeScope(slotScope(slot), variables)] as const);
  for (const name of trainable) {
    const weight = get(weights, name);
    const gradient = gradients[name];
    if (gradient === undefined) continue;
    const slots = Object.fromEntries(bySlot.map(([slot, values]) => [slot, get(values, name)]));
    const factor = learningRateFactor?.(name) ?? 1;
    const base = get(inputs, LEARNING_RATE);
    const learningRate = factor === 1 ? base : tf.mul(base, factor);
    const next = optimizer.update({ weight, gradient, slots, step, learningRate });
    weight.assign(next.weight);
    for (const slot of optimizer.slots) get(slots, slot).assign(get(next.slots, slot));
  }
  for (const [name, value] of Object.entries(takeScope(UPDATES, means))) get(weights, name).assign(value);
  return { [LOSS]: get(means, LOSS), [GRADIENT_NORM]: norm };
}

/** The task's loss of a batch as in prediction, with the weights as variables. */
export function lossProgram(task: TrainingTask): Program {
  return {
    name: `${task.name}: loss`,
    ...(task.constants && { constants: task.constants }),
    variables: addScope(WEIGHTS, initialWeights(task)),
    run: ({ inputs, variables, constants }) => {
      const given = { batch: takeScope(BATCH, inputs), weights: takeScope(WEIGHTS, variables), constants };
      return { [LOSS]: scalarLoss(task, given, inferenceMode) };
    },
  };
}

/** The weights that are trained by gradient, in the order of the layers as far as `init` keeps it. */
export function trainableNames({ initial }: TrainingTask): readonly string[] {
  return Object.keys(initial).filter((name) => initial[name]?.trainable ?? true);
}

/** A batch under the names of the step's inputs. */
export const batchInputs = (batch: NdArrays): NdArrays => addScope(BATCH, batch);

/** The weights among the step's variables, under the task's names. */
export const weightsOf = (variables: NdArrays): NdArrays => takeScope(WEIGHTS, variables);

/** Weights under the names of the step's variables. */
export const weightVariables = (weights: NdArrays): NdArrays => addScope(WEIGHTS, weights);

function initialVariables(task: TrainingTask, optimizer: OptimizerModel, trainable: readonly string[]): NdArrays {
  const values = initialWeights(task);
  const zeros = Object.fromEntries(trainable.map((name) => [name, float32(get(values, name).shape)]));
  return {
    ...addScope(WEIGHTS, values),
    ...addScope('slots', Object.fromEntries(optimizer.slots.flatMap((slot) => Object.entries(addScope(slot, zeros))))),
    [STEP]: float32([]),
  };
}

const initialWeights = ({ initial }: TrainingTask): NdArrays =>
  Object.fromEntries(Object.entries(initial).map(([name, { value }]) => [name, value]));

/** What a task's objective is a function of. */
interface ObjectiveTensors {
  readonly batch: NamedTensors;
  readonly weights: NamedTensors;
  readonly constants: NamedTensors;
}

function scalarLoss(task: TrainingTask, { batch, weights, constants }: ObjectiveTensors, mode: Mode): tf.Scalar {
  const loss = task.objective(batch, weights, mode, constants);
  if (loss.rank !== 0) {
    throw new KindredError('KINDRED_PLUGIN_RESULT', {
      message: `The loss of '${task.name}' must be a scalar. Got the shape [${loss.shape.join(', ')}].`,
      received: loss.shape,
      hint: 'Reduce it with tf.mean.',
    });
  }
  return loss as tf.Scalar;
}

function checkUpdates(task: TrainingTask, { updates }: TrainingMode): void {
  for (const name of updates.keys()) {
    if (task.initial[name]?.trainable === false) continue;
    throw new KindredError('KINDRED_PLUGIN_RESULT', {
      message: `'${task.name}' may update only weights that are not trained by gradient. Got '${name}'.`,
      received: name,
      hint: "Give the weight 'trainable: false' in init.",
    });
  }
}

/** Between the seeds of two shards: odd and without a pattern, so that streams of one shard are not those of another. */
const SHARD_STRIDE = 0x3c6ef373;

/** The seed itself for shard 0: a batch in one piece draws as if there were no shards. int32 arithmetic wraps. */
function shardSeed(seed: tf.Tensor, shard: tf.Tensor): tf.Tensor {
  return tf.add(seed, tf.mul(shard, tf.scalar(SHARD_STRIDE, 'int32')));
}

function get<T>(values: Readonly<Record<string, T>>, name: string): T {
  const value = values[name];
  if (value === undefined) throw new Error(`'${name}' must be given`);
  return value;
}
