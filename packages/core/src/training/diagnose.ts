import * as tf from '@tensorflow/tfjs-core';

import type { Program } from '../plugin/engine-contract.js';
import { observeLayers } from '../tensor/layer-scope.js';
import type { NdArray, NdArrays } from '../tensor/nd-array.js';

import { takeScope } from './scope.js';
import { batchInputs, GRADIENTS, gradientStage, LOSS, SEED, trainableNames, UPDATES, weightVariables } from './step.js';
import type { TrainingServices, TrainingTask } from './task.js';

const LAYERS = 'layers';

/** A step whose result is not finite: what it started with. */
export interface FailedStep {
  readonly batch: NdArrays;
  readonly seed: NdArray;
  /** The weights before the step. */
  readonly weights: NdArrays;
}

/**
 * Where a step's numbers first stop being finite, for a message: in its batch, its weights, the output of a layer or a
 * gradient. Undefined if they are all finite when the step is computed once more.
 */
export async function firstNotFinite(
  task: TrainingTask,
  { batch, seed, weights }: FailedStep,
  { engine, signal }: Pick<TrainingServices, 'engine' | 'signal'>,
): Promise<string | undefined> {
  const input = notFinite(batch);
  if (input !== undefined) return `the input '${input}' of the batch`;
  const weight = notFinite(weights);
  if (weight !== undefined) return `the weight '${weight}', which the step before had changed`;

  const layers: string[] = [];
  const executable = await engine.compile(diagnosisProgram(task, weights, layers));
  try {
    const outputs = await executable.run({ ...batchInputs(batch), [SEED]: seed }, { signal });
    const isBad = (name: string) => outputs[name] !== undefined && outputs[name].data[0] !== 0;
    const layer = layers.find((_, i) => isBad(`${LAYERS}/${i}`));
    if (layer !== undefined) return `the output of the layer '${layer}'`;
    if (isBad(LOSS)) return 'the loss, after all layers';
    // Gradients are computed from the last layer to the first.
    const gradient = trainableNames(task).findLast((name) => isBad(`${GRADIENTS}/${name}`));
    return gradient === undefined ? undefined : `the gradient of the weight '${gradient}'`;
  } finally {
    await executable.dispose();
  }
}

/**
 * The first stage of a step, which gives for each layer (whose names are appended to `layers`), the loss and each gradient a
 * number that is 0 if all of it is finite.
 */
function diagnosisProgram(task: TrainingTask, weights: NdArrays, layers: string[]): Program {
  return {
    name: `${task.name}: search for the first number that is not finite`,
    ...(task.constants && { constants: task.constants }),
    variables: weightVariables(weights),
    run(tensors) {
      layers.length = 0;
      // Kept past the scope of the gradients, within which layers are built.
      const kept: tf.Tensor[] = [];
      const observe = (layer: string, output: tf.Tensor) => {
        layers.push(layer);
        kept.push(tf.keep(zeroIfFinite(output)));
      };
      const means = observeLayers(observe, () => gradientStage(task, tensors, tf.scalar(0, 'int32')));
      const outputs: Record<string, tf.Tensor> = {};
      for (const [name, mean] of Object.entries(means)) outputs[name] = zeroIfFinite(mean);
      kept.forEach((output, i) => (outputs[`${LAYERS}/${i}`] = tf.clone(output)));
      tf.dispose([...kept, takeScope(UPDATES, means)]);
      return outputs;
    },
  };
}

/** NaN and infinity times 0 are NaN, and so is a sum with them. */
const zeroIfFinite = (x: tf.Tensor): tf.Tensor => tf.sum(tf.mul(tf.cast(x, 'float32'), 0));

function notFinite(arrays: NdArrays): string | undefined {
  for (const [name, { data }] of Object.entries(arrays))
    for (const value of data) if (!Number.isFinite(value)) return name;
  return undefined;
}
