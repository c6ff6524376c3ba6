import {
  createRandom,
  float32,
  memoryBatches,
  type Engine,
  type Head,
  type Loss,
  type Optimizer,
  trainNetwork,
  type TrainingTask,
} from '@kindred/core';
import { createEagerEngine, createTestContext } from '@kindred/core/testing';
import { createOnnxEngine } from '@kindred/engines';
import heads from '@kindred/heads';
import { afterAll, describe, expect, it } from 'vitest';

const SAMPLES = 70;
const FEATURES = 12;
const LABELS = ['a', 'b', 'c'];

const find = (kind: string, name: string) =>
  heads.components.find((component) => component.kind === kind && component.name === name);

const random = createRandom(4);
const x = float32([SAMPLES, FEATURES], Array.from({ length: SAMPLES * FEATURES }, random.normal));
/** Label j applies where feature j is positive. */
const targets = Uint8Array.from({ length: SAMPLES * LABELS.length }, (_, i) =>
  (x.data[Math.floor(i / LABELS.length) * FEATURES + (i % LABELS.length)] ?? 0) > 0 ? 1 : 0,
);
const y = { dtype: 'uint8', shape: [SAMPLES, LABELS.length], data: targets } as const;
const positives = LABELS.map((_, j) =>
  targets.reduce((sum, value, i) => sum + (i % LABELS.length === j ? value : 0), 0),
);

interface Recipe {
  readonly head: object;
  readonly loss: string;
  readonly optimizer: string;
  readonly optimizerOptions?: object;
}

function train(engine: Engine, { head, loss, optimizer, optimizerOptions = {} }: Recipe) {
  const lossComponent = find('loss', loss) as Loss;
  const headComponent = find('head', 'multi-label') as Head;
  const optimizerComponent = find('optimizer', optimizer) as Optimizer;
  const ctx = createTestContext({ engine, loss: () => lossComponent.create(lossComponent.options.parse({})) });
  const spec = { features: FEATURES, labels: LABELS, samples: SAMPLES, positives };
  const model = headComponent.create(headComponent.options.parse(head), spec, ctx);
  const task: TrainingTask = {
    name: `${loss}, ${optimizer}`,
    initial: model.network.init(createRandom(2)),
    objective: (batch, weights, mode) => model.loss(model.network.forward(weights, batch.x!, mode), batch.y!, weights),
  };
  // Two full batches and one of six rows.
  const batches = memoryBatches({ x, y }, { batchSize: 32, random: createRandom(3) });
  const options = {
    epochs: 4,
    optimizer: optimizerComponent.create(optimizerComponent.options.parse(optimizerOptions)),
  };
  return trainNetwork(task, batches, options, ctx);
}

const recipes: Recipe[] = [
  { head: { hidden: [16], dropout: 0.5 }, loss: 'binary-cross-entropy', optimizer: 'adam' },
  { head: { hidden: [16], activation: 'gelu', l2: 0.01 }, loss: 'focal', optimizer: 'adamw' },
  { head: { hidden: [16], activation: 'elu', classWeights: 'balanced' }, loss: 'asymmetric', optimizer: 'sgd' },
  {
    head: { hidden: [8, 8], activation: 'tanh', initializer: 'he-uniform' },
    loss: 'binary-cross-entropy',
    optimizer: 'sgd',
    optimizerOptions: { momentum: 0.9, nesterov: true, weightDecay: 0.01, decay: 0.1 },
  },
  { head: { hidden: [16], activation: 'swish', dropout: 0 }, loss: 'binary-cross-entropy', optimizer: 'adam' },
];

describe('a head trained by the onnx engine', () => {
  const onnx = createOnnxEngine({ workers: 1, threads: 1 });
  const eager = createEagerEngine();
  afterAll(async () => {
    await Promise.all([onnx.dispose(), eager.dispose()]);
  });

  it.each(recipes)('learns what plain JavaScript does: $loss, $optimizer, $head', async (recipe) => {
    const [compiled, plain] = [await train(onnx, recipe), await train(eager, recipe)];
    plain.history.forEach((record, i) => {
      // The masks of dropout are equal bit for bit; sums of single precision in another order are not.
      expect(compiled.history[i]?.loss).toBeCloseTo(record.loss, 5);
      expect(compiled.history[i]?.gradientNorm).toBeCloseTo(record.gradientNorm, 4);
    });
    for (const [name, { shape, data }] of Object.entries(plain.weights)) {
      const other = compiled.weights[name];
      expect(other?.shape).toEqual(shape);
      // Adam divides by the root of a square: where a gradient is near 0, a rounding error moves the weight by up to a step.
      const errors = Array.from(data, (value, i) => Math.abs(value - (other?.data[i] ?? NaN)));
      expect(Math.max(...errors), name).toBeLessThan(1e-4);
    }
  });

  it('gives the same bytes twice', async () => {
    const [recipe] = recipes as [Recipe];
    expect((await train(onnx, recipe)).weights).toEqual((await train(onnx, recipe)).weights);
  });
});
