import { isDeepStrictEqual } from 'node:util';

import * as tf from '@tensorflow/tfjs-core';

import { createRandom } from '../context/random.js';
import type { Head, LabelHeadModel, LossFunction, OptimizerModel } from '../plugin/contract.js';
import { float32, type NdArray, type NdArrays } from '../tensor/nd-array.js';
import { decodeSafetensors, encodeSafetensors } from '../tensor/safetensors.js';
import { prepareTfGradients, toNdArray, toTensor } from '../tensor/tf-runtime.js';
import { createLossEvaluator } from '../training/evaluate-loss.js';
import { memoryBatches } from '../training/memory-batches.js';
import { inferenceMode } from '../training/mode.js';
import type { TrainingTask } from '../training/task.js';
import { trainNetwork } from '../training/train-network.js';

import { type Check, expectThat } from './check.js';
import { createTestContext } from './test-context.js';

const ROWS = 24;
const FEATURES = 6;

/** What every head must do. Options that refer to a loss get binary cross-entropy, whatever they name. */
export const headChecks: readonly Check<Head>[] = [
  {
    name: 'begins with the same weights for the same seed',
    async run(head, options) {
      const { network } = await create(head, options);
      const [one, other] = [network.init(createRandom(3)), network.init(createRandom(3))];
      expectThat(isDeepStrictEqual(one, other), {
        expected: 'init must give the same weights for the same random stream.',
        seen: 'weights that differ',
        fix: 'Draw from the stream that init is given, and keep nothing between calls.',
      });
    },
  },
  {
    name: 'gives finite logits, one row for each image',
    async run(head, options) {
      const model = await create(head, options);
      for (const rows of [ROWS, 1]) {
        const { shape, data } = logits(model, initial(model), toy(head, rows).x);
        expectThat(shape.join() === [rows, labelsOf(head)].join() && data.every(Number.isFinite), {
          expected: `forward must give finite logits [${rows}, ${labelsOf(head)}] for features [${rows}, ${FEATURES}].`,
          seen: `[${shape.join(', ')}], ${data.every(Number.isFinite) ? 'finite' : 'not finite'}`,
          fix: 'The last layer must have spec.labels.length outputs; look for divisions by a spread that can be zero.',
        });
      }
    },
  },
  {
    name: 'treats each image by itself when it predicts',
    async run(head, options) {
      const model = await create(head, options);
      const { x } = toy(head);
      const together = logits(model, initial(model), x).data.slice(0, labelsOf(head));
      const alone = logits(model, initial(model), float32([1, FEATURES], x.data.slice(0, FEATURES))).data;
      // The order of float32 additions may differ with the batch's size.
      expectThat(
        together.every((value, i) => Math.abs(value - alone[i]!) <= 1e-5 * Math.max(1, Math.abs(value))),
        {
          expected: 'Outside of training, an image must get the same logits whichever images it is computed with.',
          seen: `${together.join(', ')} together, ${alone.join(', ')} alone`,
          fix: 'Use statistics of the batch only where mode.training is true; keep moving averages with mode.update.',
        },
      );
    },
  },
  {
    name: 'gives probabilities between 0 and 1',
    async run(head, options) {
      const model = await create(head, options);
      const values = [-50, -1, 0, 1, 50].flatMap((value) => new Array<number>(labelsOf(head)).fill(value));
      const given = float32([5, labelsOf(head)], values);
      const { shape, data } = compute(() => model.probabilities(toTensor(given)));
      expectThat(shape.join() === given.shape.join() && data.every((value) => value >= 0 && value <= 1), {
        expected: `probabilities must be [${given.shape.join(', ')}] in [0, 1].`,
        seen: `[${shape.join(', ')}]: ${data.join(', ')}`,
        fix: 'Use tf.sigmoid or tf.softmax, which no logit overflows.',
      });
    },
  },
  {
    name: 'has a finite scalar loss, also where no image or every image carries a label',
    async run(head, options) {
      const model = await create(head, options);
      const { x } = toy(head);
      for (const target of [0, 1]) {
        const loss = compute(() => {
          const weights = tensorsOf(initial(model));
          const forward = model.network.forward(weights, toTensor(x), inferenceMode);
          return model.loss(forward, tf.fill([ROWS, labelsOf(head)], target), weights);
        });
        expectThat(loss.shape.length === 0 && Number.isFinite(loss.data[0]), {
          expected: `The loss of a batch whose targets are all ${target} must be a finite scalar.`,
          seen: `${loss.data.join(', ')} of shape [${loss.shape.join(', ')}]`,
          fix: 'Reduce with tf.mean, and do not divide by a count that can be zero.',
        });
      }
    },
  },
  {
    name: 'has a loss that is the mean over images, unless it says that it is not splittable',
    async run(head, options) {
      const model = await create(head, options);
      if (model.splittable === false) return;
      const { x, y } = toy(head);
      const weights = initial(model);
      const whole = lossOf(model, weights, { x, y });
      const first = ROWS / 4;
      const [a, b] = [rows({ x, y }, 0, first), rows({ x, y }, first, ROWS)].map((part) =>
        lossOf(model, weights, part),
      );
      const mean = (a! * first + b! * (ROWS - first)) / ROWS;
      // Sums of single precision in another order.
      expectThat(Math.abs(mean - whole) <= 1e-5 * Math.max(1, Math.abs(whole)), {
        expected: `The loss of a batch, ${whole}, must be the mean of its parts' losses: large batches are computed in parts.`,
        seen: `${mean}`,
        fix: "Divide by the number of images, or state 'splittable: false' if the loss relates images to each other.",
      });
    },
  },
  {
    name: 'learns: its loss falls in 20 steps',
    async run(head, options) {
      const model = await create(head, options);
      const { before, after } = await learn(head, model);
      expectThat(after < before, {
        expected: `20 steps of gradient descent on separable data must bring the loss below ${before}.`,
        seen: `${after}`,
        fix: 'Check that logits reach the loss unchanged, and that weights are trainable.',
      });
    },
  },
  {
    name: 'gives the same logits after its weights were saved and loaded',
    async run(head, options) {
      const model = await create(head, options);
      const { x } = toy(head);
      const weights = initial(model);
      const loaded = decodeSafetensors(encodeSafetensors(weights), 'weights').arrays;
      expectThat(isDeepStrictEqual(logits(model, weights, x), logits(model, loaded, x)), {
        expected: 'Loaded weights must give what the saved ones gave.',
        seen: 'other logits',
        fix: 'Keep all that forward needs among the weights.',
      });
    },
  },
];

const labelsOf = (head: Head) => (head.tags?.multiLabel === true ? 3 : 1);

const crossEntropy: LossFunction = (z, t) => tf.sub(tf.softplus(z), tf.mul(z, t));

async function create(head: Head, options: object = {}): Promise<LabelHeadModel> {
  await prepareTfGradients();
  const { y } = toy(head);
  const labels = Array.from({ length: labelsOf(head) }, (_, j) => `label-${j}`);
  const positives = labels.map((_, j) =>
    y.data.reduce((sum, value, i) => sum + (i % labels.length === j ? value : 0), 0),
  );
  const spec = { features: FEATURES, labels, samples: ROWS, positives };
  const model = head.create(head.options.parse(options), spec, createTestContext({ loss: () => crossEntropy }));
  if ('probabilities' in model) return model;
  throw new TypeError(`${head.name} gives embeddings: it is no head for these checks`);
}

/** Normal features `[rows, D]`; label j applies where feature j is positive. */
function toy(head: Head, rows = ROWS): { x: NdArray<'float32'>; y: NdArray<'uint8'> } {
  const random = createRandom(7);
  const x = Float32Array.from({ length: rows * FEATURES }, () => random.normal());
  const labels = labelsOf(head);
  const y = Uint8Array.from({ length: rows * labels }, (_, i) => {
    const [row, label] = [Math.floor(i / labels), i % labels];
    return x[row * FEATURES + label]! > 0 ? 1 : 0;
  });
  return { x: float32([rows, FEATURES], x), y: { dtype: 'uint8', shape: [rows, labels], data: y } };
}

type Toy = ReturnType<typeof toy>;

function rows({ x, y }: Toy, from: number, to: number): Toy {
  const cut = <A extends NdArray>({ shape: [all = 1, ...rest], data, ...array }: A) => {
    const width = data.length / all;
    return { ...array, shape: [to - from, ...rest], data: data.slice(from * width, to * width) };
  };
  return { x: cut(x) as Toy['x'], y: cut(y) as Toy['y'] };
}

function lossOf(model: LabelHeadModel, weights: NdArrays, { x, y }: Toy): number {
  const loss = compute(() => {
    const tensors = tensorsOf(weights);
    const logits = model.network.forward(tensors, toTensor(x), inferenceMode);
    return model.loss(logits, tf.cast(toTensor(y), 'float32'), tensors);
  });
  return loss.data[0] ?? NaN;
}

const initial = ({ network }: LabelHeadModel): NdArrays =>
  Object.fromEntries(Object.entries(network.init(createRandom(3))).map(([name, { value }]) => [name, value]));

const tensorsOf = (arrays: NdArrays) =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, toTensor(array)]));

function compute(run: () => tf.Tensor): NdArray {
  const results: NdArray[] = [];
  tf.tidy(() => void results.push(toNdArray(run())));
  return results[0]!;
}

const logits = ({ network }: LabelHeadModel, weights: NdArrays, x: NdArray): NdArray =>
  compute(() => network.forward(tensorsOf(weights), toTensor(x), inferenceMode));

/** Moves every weight by about the learning rate, so that it suits heads of any scale. */
const normalizedDescent: OptimizerModel = {
  learningRate: 0.01,
  slots: [],
  update({ weight, gradient, learningRate }) {
    const scale = tf.add(tf.sqrt(tf.mean(tf.square(gradient))), 1e-8);
    return { weight: tf.sub(weight, tf.mul(learningRate, tf.div(gradient, scale))), slots: {} };
  },
};

async function learn(head: Head, model: LabelHeadModel): Promise<{ before: number; after: number }> {
  const ctx = createTestContext();
  const task: TrainingTask = {
    name: head.name,
    initial: model.network.init(createRandom(3)),
    objective: ({ x, y }, weights, mode) => model.loss(model.network.forward(weights, x!, mode), y!, weights),
  };
  const batches = memoryBatches(toy(head), { batchSize: ROWS });
  const { weights } = await trainNetwork(task, batches, { epochs: 20, optimizer: normalizedDescent }, ctx);
  const evaluator = await createLossEvaluator(task, batches, ctx.engine);
  const result = { before: await evaluator.evaluate(initial(model)), after: await evaluator.evaluate(weights) };
  await ctx.engine.dispose();
  return result;
}
