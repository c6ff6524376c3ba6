import {
  createRandom,
  float32,
  trainNetwork,
  uint8,
  type Engine,
  type Head,
  type Loss,
  type NdArrays,
  type Optimizer,
  type TrainingTask,
} from '@kindred/core';
import { createEagerEngine, createTestContext } from '@kindred/core/testing';
import { createOnnxEngine } from '@kindred/engines';
import heads from '@kindred/heads';
import { afterAll, describe, expect, it } from 'vitest';

const [ROWS, FEATURES, LABELS] = [40, 10, 5];

const find = (kind: string, name: string) =>
  heads.components.find((component) => component.kind === kind && component.name === name);

const random = createRandom(4);
const x = float32([ROWS, FEATURES], Array.from({ length: ROWS * FEATURES }, random.normal));
const y = uint8(
  [ROWS, LABELS],
  Uint8Array.from({ length: ROWS * LABELS }, (_, i) => Number(Math.floor(i / LABELS) % LABELS === i % LABELS)),
);

interface Options {
  readonly loss: string;
  readonly sampler?: string;
}

async function train(engine: Engine, options: Options) {
  const loss = find('loss', options.loss) as Loss;
  const head = find('head', 'siamese') as Head;
  const adam = find('optimizer', 'adam') as Optimizer;
  const ctx = createTestContext({
    engine,
    loss: () => loss.create(loss.options.parse({})),
    lossInput: () => loss.of ?? 'logits',
  });
  const spec = {
    features: FEATURES,
    labels: Array.from({ length: LABELS }, (_, j) => `label ${j}`),
    samples: ROWS,
    positives: new Array<number>(LABELS).fill(ROWS / LABELS),
  };
  const model = head.create(head.options.parse({ hidden: [8], embedding: 6, ...options }), spec, ctx);
  const task: TrainingTask = {
    name: options.loss,
    initial: model.network.init(createRandom(2)),
    splittable: model.splittable ?? true,
    objective: (batch, weights, mode) => model.loss(model.network.forward(weights, batch.x!, mode), batch.y!, weights),
  };
  const take = (rows: readonly number[]): NdArrays => ({
    x: float32(
      [rows.length, FEATURES],
      rows.flatMap((row) => [...x.data.slice(row * FEATURES, (row + 1) * FEATURES)]),
    ),
    y: float32(
      [rows.length, LABELS],
      rows.flatMap((row) => [...y.data.slice(row * LABELS, (row + 1) * LABELS)]),
    ),
  });
  // No image twice in a batch: where two are equally near, rounding would decide between them.
  const batchSize = options.sampler === 'triplets' ? 24 : 20;
  const batches = {
    *epoch(epoch: number) {
      const rows = model.order?.(y, batchSize, createRandom(epoch)) ?? [];
      for (let start = 0; start < rows.length; start += batchSize) yield take(rows.slice(start, start + batchSize));
    },
  };
  const optimizer = adam.create(adam.options.parse({ learningRate: 0.003 }));
  const { weights, history } = await trainNetwork(task, batches, { epochs: 3, optimizer }, ctx);
  const distances = await engine.compile({
    name: 'distances',
    constants: weights,
    run: ({ inputs, constants }) => {
      if (!('distances' in model)) throw new TypeError('the head must give distances');
      return { distances: model.distances(constants, inputs.a!, inputs.b!) };
    },
  });
  const [a, b] = [7, 3].map((rows) => float32([rows, 6], x.data.slice(0, rows * 6)));
  const measured = await distances.run({ a: a!, b: b! });
  await distances.dispose();
  return { history, distances: [...measured.distances!.data] };
}

const recipes: (Options & Readonly<Record<string, unknown>>)[] = [
  { loss: 'contrastive', distance: 'euclidean' },
  { loss: 'contrastive', distance: 'cosine', sampler: 'batch', mining: 'all' },
  { loss: 'contrastive', distance: 'weighted-l1', sampler: 'batch', mining: 'hard' },
  { loss: 'triplet', distance: 'euclidean', normalize: true, mining: 'semi-hard' },
  { loss: 'triplet', distance: 'cosine', mining: 'all' },
  { loss: 'triplet', distance: 'weighted-l1', mining: 'hard', dropout: 0.2 },
  { loss: 'triplet', distance: 'euclidean', sampler: 'triplets' },
  { loss: 'binary-cross-entropy', distance: 'weighted-l1' },
  { loss: 'binary-cross-entropy', distance: 'cosine', sampler: 'batch' },
];

describe('a siamese head trained by the onnx engine', () => {
  const onnx = createOnnxEngine({ workers: 1, threads: 1 });
  const eager = createEagerEngine();
  afterAll(async () => {
    await Promise.all([onnx.dispose(), eager.dispose()]);
  });

  it.each(recipes)('learns and measures what plain JavaScript does: %j', async (options) => {
    const [compiled, plain] = [await train(onnx, options), await train(eager, options)];
    // Sums of single precision in another order.
    plain.history.forEach((record, i) => {
      expect(compiled.history[i]?.loss).toBeCloseTo(record.loss, 4);
      expect(compiled.history[i]?.gradientNorm).toBeCloseTo(record.gradientNorm, 3);
    });
    expect(plain.distances).toHaveLength(21);
    plain.distances.forEach((distance, i) => expect(compiled.distances[i]).toBeCloseTo(distance, 4));
  });
});
