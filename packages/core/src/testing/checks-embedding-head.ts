import { isDeepStrictEqual } from 'node:util';

import * as tf from '@tensorflow/tfjs-core';

import { createRandom } from '../context/random.js';
import type { Head } from '../plugin/contract.js';
import { float32, type NdArrays } from '../tensor/nd-array.js';
import { decodeSafetensors, encodeSafetensors } from '../tensor/safetensors.js';
import { toTensor } from '../tensor/tf-runtime.js';
import { createLossEvaluator } from '../training/evaluate-loss.js';
import { inferenceMode } from '../training/mode.js';
import type { BatchSource, TrainingTask } from '../training/task.js';
import { trainNetwork } from '../training/train-network.js';

import { type Check, expectThat } from './check.js';
import { BATCH, FEATURES, ROWS } from './head/embedding-data.js';
import {
  batchesOf,
  distancesOf,
  embed,
  meanDistances,
  rowsOfEpoch,
  withEachLoss,
  type EmbeddingCase,
} from './head/embedding-heads.js';
import { compute, initialWeights, normalizedDescent, tensorsOf } from './head/tensors.js';
import { createTestContext } from './test-context.js';

/**
 * What every head with the tag `embedding` must do. Options that refer to a loss get one of pairs, of triplets and of logits in turn,
 * whatever they name.
 */
export const embeddingHeadChecks: readonly Check<Head>[] = [
  each('begins with the same weights for the same seed', ({ model: { network } }) => {
    const [one, other] = [network.init(createRandom(3)), network.init(createRandom(3))];
    expectThat(isDeepStrictEqual(one, other), {
      expected: 'init must give the same weights for the same random stream.',
      seen: 'weights that differ',
      fix: 'Draw from the stream that init is given, and keep nothing between calls.',
    });
  }),
  each('gives finite embeddings, one row for each image', ({ model, data }) => {
    const weights = initialWeights(model.network);
    const { shape: [, length = 0] = [] } = embed(model, weights, data.x);
    for (const rows of [ROWS, 1]) {
      const { shape, data: values } = embed(
        model,
        weights,
        float32([rows, FEATURES], data.x.data.slice(0, rows * FEATURES)),
      );
      expectThat(length > 0 && shape.join() === [rows, length].join() && values.every(Number.isFinite), {
        expected: `forward must give finite embeddings [${rows}, E] for features [${rows}, ${FEATURES}].`,
        seen: `[${shape.join(', ')}], ${values.every(Number.isFinite) ? 'finite' : 'not finite'}`,
        fix: 'Keep the batch as the first dimension; look for divisions by a length that can be zero.',
      });
    }
  }),
  each('embeds each image by itself', ({ model, data }) => {
    const weights = initialWeights(model.network);
    const alone = embed(model, weights, float32([1, FEATURES], data.x.data.slice(0, FEATURES))).data;
    const together = embed(model, weights, data.x).data.slice(0, alone.length);
    // The order of float32 additions may differ with the batch's size.
    expectThat(
      together.every((value, i) => Math.abs(value - alone[i]!) <= 1e-5 * Math.max(1, Math.abs(value))),
      {
        expected: 'Outside of training, an image must get the same embedding whichever images it is computed with.',
        seen: `${together.join(', ')} together, ${alone.join(', ')} alone`,
        fix: 'Use statistics of the batch only where mode.training is true; keep moving averages with mode.update.',
      },
    );
  }),
  each('measures distances of any two sets, none below 0', ({ model, data }) => {
    const weights = initialWeights(model.network);
    const all = embed(model, weights, data.x);
    const one = embed(model, weights, float32([1, FEATURES], data.x.data.slice(0, FEATURES)));
    for (const [a, b] of [
      [all, all],
      [one, all],
      [all, one],
    ] as const) {
      const { shape, data: values } = distancesOf(model, weights, a, b);
      const expected = [a.shape[0], b.shape[0]];
      expectThat(shape.join() === expected.join() && values.every((value) => Number.isFinite(value) && value >= 0), {
        expected: `Distances between ${expected.join(' and ')} embeddings must be [${expected.join(', ')}], finite and not below 0.`,
        seen: `[${shape.join(', ')}], the least ${Math.min(...Array.from(values))}`,
        fix: 'Use tf.maximum where rounding may leave something below 0.',
      });
    }
  }),
  each('measures the same distance both ways, the least from an image to itself', ({ model, data }) => {
    const weights = initialWeights(model.network);
    const embeddings = embed(model, weights, data.x);
    const { data: distances } = distancesOf(model, weights, embeddings, embeddings);
    const greatest = Math.max(...Array.from(distances));
    for (let a = 0; a < ROWS; a++) {
      for (let b = 0; b < ROWS; b++) {
        const [there, back, self] = [distances[a * ROWS + b]!, distances[b * ROWS + a]!, distances[a * ROWS + a]!];
        // Sums of single precision in another order.
        const tolerance = 1e-5 * greatest;
        expectThat(Math.abs(there - back) <= tolerance && self <= there + tolerance, {
          expected: 'distances must be symmetric, and no image nearer to another than to itself.',
          seen: `${there} there, ${back} back, ${self} to itself`,
          fix: 'Compute with absolute or squared differences.',
        });
      }
    }
  }),
  each('has a finite scalar loss, also where all images carry the same label', ({ of, model, data, ...made }) => {
    const weights = initialWeights(model.network);
    const [batch] = batchesOf(data, rowsOfEpoch({ of, model, data, ...made }, 1));
    const alike = compute(() => tf.tile(tf.slice(toTensor(batch!['y']!), [0, 0], [1, -1]), [BATCH, 1]));
    for (const y of [batch!['y']!, alike]) {
      const loss = compute(() => {
        const tensors = tensorsOf(weights);
        return model.loss(model.network.forward(tensors, toTensor(batch!['x']!), inferenceMode), toTensor(y), tensors);
      });
      expectThat(loss.shape.length === 0 && Number.isFinite(loss.data[0]), {
        expected: `The loss of a batch must be a finite scalar, with a loss of ${of}.`,
        seen: `${loss.data.join(', ')} of shape [${loss.shape.join(', ')}]`,
        fix: 'Reduce with tf.mean, and do not divide by a count of pairs that can be zero.',
      });
    }
  }),
  each('draws whole batches of rows that exist, the same for the same seed', (made) => {
    if (!made.model.order) return;
    const [rows, again, other] = [rowsOfEpoch(made, 1), rowsOfEpoch(made, 1), rowsOfEpoch(made, 2)];
    const inRange = rows.every((row) => Number.isInteger(row) && row >= 0 && row < ROWS);
    expectThat(rows.length > 0 && rows.length % BATCH === 0 && inRange, {
      expected: `order must give rows below ${ROWS} for whole batches of ${BATCH}.`,
      seen: `${rows.length} rows: ${rows.join(', ')}`,
      fix: 'Draw batch by batch, with indices of rows of the targets.',
    });
    expectThat(isDeepStrictEqual(rows, again) && !isDeepStrictEqual(rows, other), {
      expected: 'order must give the same rows for the same random stream, and others for another.',
      seen: isDeepStrictEqual(rows, again) ? 'the same rows for any stream' : 'other rows for the same stream',
      fix: 'Draw from the stream that order is given, and keep nothing between calls.',
    });
  }),
  each('learns: its loss falls, and what is alike comes nearer than what is not', async (made) => {
    const { model } = made;
    // A head without weights of its own leaves learning to the backbone.
    if (!Object.values(model.network.init(createRandom(3))).some(({ trainable = true }) => trainable)) return;
    const { before, after, weights } = await learn(made);
    const share = (at: NdArrays) => {
      const { alike, others } = meanDistances(made, at);
      return alike / others;
    };
    const [first, last] = [share(initialWeights(model.network)), share(weights)];
    // It stays as it was where a scale of distances is all that is learned.
    expectThat(after < before && last < 1 && last <= first * (1 + 1e-4), {
      expected: `40 epochs on separable data must bring the loss below ${before}, and distances within a label below ${first} of those between labels, with a loss of ${made.of}.`,
      seen: `a loss of ${after}, ${last} of the distances`,
      fix: 'Check which side of the loss is which, and that embeddings reach it unchanged.',
    });
  }),
  each('gives the same embeddings and distances after its weights were saved and loaded', ({ model, data }) => {
    const saved = initialWeights(model.network);
    const loaded = decodeSafetensors(encodeSafetensors(saved), 'weights').arrays;
    const results = (weights: NdArrays) => {
      const embeddings = embed(model, weights, data.x);
      return [embeddings, distancesOf(model, weights, embeddings, embeddings)];
    };
    expectThat(isDeepStrictEqual(results(saved), results(loaded)), {
      expected: 'Loaded weights must give what the saved ones gave.',
      seen: 'other embeddings or distances',
      fix: 'Keep all that forward and distances need among the weights.',
    });
  }),
];

function each(name: string, check: (made: EmbeddingCase) => void | Promise<void>): Check<Head> {
  return { name, run: (head, options) => withEachLoss(head, options, check) };
}

/** Trains on the rows that the head draws, and measures the loss on those of one more epoch. */
async function learn(made: EmbeddingCase): Promise<{ before: number; after: number; weights: NdArrays }> {
  const { model, data } = made;
  const ctx = createTestContext();
  const task: TrainingTask = {
    name: 'embedding',
    initial: model.network.init(createRandom(3)),
    splittable: model.splittable ?? true,
    objective: ({ x, y }, weights, mode) => model.loss(model.network.forward(weights, x!, mode), y!, weights),
  };
  const source = (first: number): BatchSource => ({
    epoch: (epoch) => batchesOf(data, rowsOfEpoch(made, first + epoch)),
  });
  const options = { epochs: 40, optimizer: normalizedDescent };
  const { weights } = await trainNetwork(task, source(0), options, ctx);
  const evaluator = await createLossEvaluator(task, source(options.epochs), ctx.engine);
  const before = await evaluator.evaluate(initialWeights(model.network));
  const after = await evaluator.evaluate(weights);
  await ctx.engine.dispose();
  return { before, after, weights };
}
