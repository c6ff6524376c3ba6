import { smallCnn } from '@kindred/backbones';
import {
  createRandom,
  float32,
  memoryBatches,
  uint8,
  type BatchSource,
  type HeadModel,
  type NdArrays,
  type TrainingTask,
} from '@kindred/core';
import { createTestContext } from '@kindred/core/testing';
import { binaryCrossEntropy, multiLabel } from '@kindred/heads';

const LABELS = 25;
const FEATURES = 2048;
/** Distinct batches of images; more would only take memory. */
const IMAGE_BATCHES = 4;

/** What both sides train; the PyTorch one is in tools/bench/torch_train.py. */
export interface Workload {
  readonly name: 'poster' | 'head';
  readonly batch: number;
  /** Rows in memory, shuffled every epoch; images are repeated instead. */
  readonly rows: number;
  readonly task: TrainingTask;
  /** A single epoch of so many batches. */
  batches(count: number): BatchSource;
}

/** The preset `poster` of small-cnn on 200x200 images, and a dense layer of 25 labels. */
export async function posterWorkload(batch: number): Promise<Workload> {
  const context = createTestContext();
  const options = smallCnn.options.parse({ preset: 'poster', input: { width: 200, height: 200 } });
  const { network, features } = await smallCnn.create(options, context);
  const head = createHead(features, { hidden: [], dropout: 0 });
  const random = createRandom(1);
  const images = Array.from({ length: IMAGE_BATCHES }, (): NdArrays => ({
    images: uint8(
      [batch, 200, 200, 3],
      Uint8Array.from({ length: batch * 200 * 200 * 3 }, () => random.integer(256)),
    ),
    y: labels(batch, random),
  }));
  return {
    name: 'poster',
    batch,
    rows: batch * IMAGE_BATCHES,
    task: {
      name: 'poster',
      initial: { ...network.init(random.fork('backbone')), ...head.network.init(random.fork('head')) },
      objective: ({ images: x, y }, weights, mode) =>
        head.loss(head.network.forward(weights, network.forward(weights, given(x), mode), mode), given(y), weights),
    },
    batches: (count) => ({
      *epoch() {
        for (let i = 0; i < count; i++) yield images[i % IMAGE_BATCHES] as NdArrays;
      },
    }),
  };
}

/** A head with one hidden layer of 512 on features of ResNet-50 in memory. */
export function headWorkload(batch: number, rows: number): Workload {
  const head = createHead(FEATURES, { hidden: [512], dropout: 0.5 });
  const random = createRandom(1);
  const x = float32(
    [rows, FEATURES],
    Float32Array.from({ length: rows * FEATURES }, () => random.next()),
  );
  const y = uint8([rows, LABELS], Uint8Array.from(labels(rows, random).data));
  const source = memoryBatches({ x, y }, { batchSize: batch, random });
  return {
    name: 'head',
    batch,
    rows,
    task: {
      name: 'head',
      initial: head.network.init(random.fork('head')),
      objective: (arrays, weights, mode) =>
        head.loss(head.network.forward(weights, given(arrays['x']), mode), given(arrays['y']), weights),
    },
    batches: (count) => ({
      // Epochs run into one another, as the shuffled passes of a training do.
      async *epoch() {
        for (let epoch = 1, left = count; left > 0; epoch++) {
          for await (const taken of source.epoch(epoch)) {
            if (left-- <= 0) return;
            yield taken;
          }
        }
      },
    }),
  };
}

function createHead(features: number, options: Record<string, unknown>): HeadModel {
  const context = createTestContext({ loss: () => binaryCrossEntropy.create({ labelSmoothing: 0 }) });
  const samples = 1000;
  const spec = {
    features,
    labels: Array.from({ length: LABELS }, (_, i) => `label ${i}`),
    samples,
    positives: Array.from({ length: LABELS }, () => samples / 10),
  };
  return multiLabel.create(multiLabel.options.parse(options), spec, context);
}

const labels = (rows: number, random: ReturnType<typeof createRandom>) =>
  float32(
    [rows, LABELS],
    Float32Array.from({ length: rows * LABELS }, () => Number(random.next() < 0.1)),
  );

function given<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError('the batch lacks an array');
  return value;
}
