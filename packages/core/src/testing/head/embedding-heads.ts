import * as tf from '@tensorflow/tfjs-core';

import { createRandom } from '../../context/random.js';
import { isKindredError } from '../../errors/kindred-error.js';
import type { EmbeddingHeadModel, Head, LossFunction, LossInput } from '../../plugin/contract.js';
import { float32, type NdArray, type NdArrays } from '../../tensor/nd-array.js';
import { prepareTfGradients, toTensor } from '../../tensor/tf-runtime.js';
import { inferenceMode } from '../../training/mode.js';
import { expectThat } from '../check.js';
import { createTestContext } from '../test-context.js';

import { BATCH, embeddingData, FEATURES, ROWS, type EmbeddingData } from './embedding-data.js';
import { compute, tensorsOf } from './tensors.js';

/** Simple losses of each kind, for heads whose options refer to one. */
const LOSSES: Readonly<Record<LossInput, LossFunction>> = {
  logits: (z, t) => tf.sub(tf.softplus(z), tf.mul(z, t)),
  distances: (d, t) => tf.add(tf.mul(t, tf.square(d)), tf.mul(tf.sub(1, t), tf.square(tf.relu(tf.sub(1, d))))),
  triplets: (d, t) => tf.softplus(tf.sum(tf.mul(tf.sub(tf.mul(t, 2), 1), d), -1)),
};

/** A head as made with a loss of one kind. */
export interface EmbeddingCase {
  /** For messages. */
  readonly of: LossInput;
  readonly model: EmbeddingHeadModel;
  readonly data: EmbeddingData;
}

/** Runs `check` with a loss of each kind in turn, whatever the options name; kinds that the head refuses are left out. */
export async function withEachLoss(
  head: Head,
  options: object | undefined,
  check: (made: EmbeddingCase) => void | Promise<void>,
): Promise<void> {
  await prepareTfGradients();
  const data = embeddingData(head);
  let refused: unknown;
  let made = 0;
  for (const kind of ['distances', 'triplets', 'logits'] as const) {
    const model = create(head, options, data, kind);
    if (isKindredError(model)) {
      refused = model;
      continue;
    }
    made++;
    await check({ of: kind, model, data });
  }
  if (made === 0) throw refused;
}

function create(head: Head, options: object | undefined, { labels, y }: EmbeddingData, kind: LossInput) {
  const positives = labels.map((_, j) =>
    y.data.reduce((sum, value, i) => sum + (i % labels.length === j ? value : 0), 0),
  );
  const ctx = createTestContext({ lossInput: () => kind, loss: (_, of = 'logits') => LOSSES[of] });
  try {
    const model = head.create(
      head.options.parse(options ?? {}),
      { features: FEATURES, labels, samples: ROWS, positives },
      ctx,
    );
    expectThat('distances' in model, {
      expected: 'A head with the tag "embedding" must give distances.',
      seen: 'a model without distances',
      fix: 'Return an EmbeddingHeadModel, or leave the tag out.',
    });
    return model;
  } catch (error) {
    if (isKindredError(error) && error.code === 'KINDRED_MANIFEST_VALUE') return error;
    throw error;
  }
}

/** Embeddings `[N, E]` as in prediction. */
export const embed = ({ network }: EmbeddingHeadModel, weights: NdArrays, x: NdArray): NdArray =>
  compute(() => network.forward(tensorsOf(weights), toTensor(x), inferenceMode));

/** Distances `[N, M]`. */
export const distancesOf = (model: EmbeddingHeadModel, weights: NdArrays, a: NdArray, b: NdArray): NdArray =>
  compute(() => model.distances(tensorsOf(weights), toTensor(a), toTensor(b)));

/** The rows of an epoch: those that the head's sampler draws, or each once. */
export function rowsOfEpoch({ model, data }: EmbeddingCase, epoch: number): readonly number[] {
  const random = createRandom(5).fork(`epoch ${epoch}`);
  return model.order?.(data.y, BATCH, random) ?? random.shuffle(Array.from({ length: ROWS }, (_, row) => row));
}

/** Batches `{ x, y }` of the rows. */
export function batchesOf({ x, y, labels }: EmbeddingData, rows: readonly number[]): NdArrays[] {
  return Array.from({ length: Math.ceil(rows.length / BATCH) }, (_, i) => {
    const taken = rows.slice(i * BATCH, (i + 1) * BATCH);
    const cut = (data: ArrayLike<number>, width: number) =>
      float32(
        [taken.length, width],
        taken.flatMap((row) => Array.from({ length: width }, (__, j) => data[row * width + j]!)),
      );
    return { x: cut(x.data, FEATURES), y: cut(y.data, labels.length) };
  });
}

/** Mean distances between images that must come near each other, and between others. */
export function meanDistances({ model, data }: EmbeddingCase, weights: NdArrays): { alike: number; others: number } {
  const embeddings = embed(model, weights, data.x);
  const distances = distancesOf(model, weights, embeddings, embeddings).data;
  const mean = (wanted: boolean) => {
    const chosen = Array.from(distances).filter((_, i) => {
      const [a, b] = [Math.floor(i / ROWS), i % ROWS];
      return a !== b && data.alike(a, b) === wanted;
    });
    return chosen.reduce((sum, distance) => sum + distance, 0) / chosen.length;
  };
  return { alike: mean(true), others: mean(false) };
}
