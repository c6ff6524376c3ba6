import * as tf from '@tensorflow/tfjs-core';

import { createRandom } from '../../context/random.js';
import type { Head, LabelHeadModel, LossFunction } from '../../plugin/contract.js';
import type { NdArray, NdArrays } from '../../tensor/nd-array.js';
import { prepareTfGradients, toTensor } from '../../tensor/tf-runtime.js';
import { createLossEvaluator } from '../../training/evaluate-loss.js';
import { memoryBatches } from '../../training/memory-batches.js';
import { inferenceMode } from '../../training/mode.js';
import type { TrainingTask } from '../../training/task.js';
import { trainNetwork } from '../../training/train-network.js';
import { createTestContext } from '../test-context.js';

import { FEATURES, labelsOf, ROWS, toy, type Toy } from './data.js';
import { compute, initialWeights, normalizedDescent, tensorsOf } from './tensors.js';

const crossEntropy: LossFunction = (z, t) => tf.sub(tf.softplus(z), tf.mul(z, t));

/** A head made for the toy data. Options that refer to a loss get binary cross-entropy, whatever they name. */
export async function create(head: Head, options: object = {}): Promise<LabelHeadModel> {
  await prepareTfGradients();
  const { y } = toy(head);
  const labels = labelsOf(head);
  const positives = labels.map((_, j) =>
    y.data.reduce((sum, value, i) => sum + (i % labels.length === j ? value : 0), 0),
  );
  const spec = { features: FEATURES, labels, samples: ROWS, positives };
  const model = head.create(head.options.parse(options), spec, createTestContext({ loss: () => crossEntropy }));
  if ('probabilities' in model) return model;
  throw new TypeError(`${head.name} gives embeddings: it is no head for these checks`);
}

export function lossOf(model: LabelHeadModel, weights: NdArrays, { x, y }: Toy): number {
  const loss = compute(() => {
    const tensors = tensorsOf(weights);
    const logits = model.network.forward(tensors, toTensor(x), inferenceMode);
    return model.loss(logits, tf.cast(toTensor(y), 'float32'), tensors);
  });
  return loss.data[0] ?? NaN;
}

export const initial = ({ network }: LabelHeadModel): NdArrays => initialWeights(network);

export const logits = ({ network }: LabelHeadModel, weights: NdArrays, x: NdArray): NdArray =>
  compute(() => network.forward(tensorsOf(weights), toTensor(x), inferenceMode));

/** The loss on the toy data before and after 20 steps of descent, or after the head's own `solve`. */
export async function learn(head: Head, model: LabelHeadModel): Promise<{ before: number; after: number }> {
  const ctx = createTestContext();
  const task: TrainingTask = {
    name: head.name,
    initial: model.network.init(createRandom(3)),
    objective: ({ x, y }, weights, mode) => model.loss(model.network.forward(weights, x!, mode), y!, weights),
  };
  const batches = memoryBatches(toy(head), { batchSize: ROWS });
  const { weights } = model.solve
    ? await model.solve(toy(head), ctx)
    : await trainNetwork(task, batches, { epochs: 20, optimizer: normalizedDescent }, ctx);
  const evaluator = await createLossEvaluator(task, batches, ctx.engine);
  const result = { before: await evaluator.evaluate(initial(model)), after: await evaluator.evaluate(weights) };
  await ctx.engine.dispose();
  return result;
}
