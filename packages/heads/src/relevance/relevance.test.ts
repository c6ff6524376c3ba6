import { createRandom, float32, inferenceMode, prepareTfGradients, uint8, type NdArrays } from '@kindred/core';
import { createTestContext, headChecks } from '@kindred/core/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { binaryCrossEntropy } from '../losses/binary-cross-entropy.js';

import { auroc } from './scores.js';
import { relevance } from './relevance.js';

const WIDTH = 12;
const loss = () => binaryCrossEntropy.create({ labelSmoothing: 0 });

/** Normal rows, wanted ones shifted in some columns; every column of another scale and far from 0. */
function drawn({ wanted = 120, others = 40, seed = 1, shift = 1 } = {}) {
  const random = createRandom(seed);
  const rows = wanted + others;
  const x = float32([rows, WIDTH]);
  const y = uint8([rows, 1]);
  for (let row = 0; row < rows; row++) {
    y.data[row] = Number(row < wanted);
    for (let j = 0; j < WIDTH; j++) {
      const value = random.normal() + (row < wanted && j < 4 ? shift : 0);
      x.data[row * WIDTH + j] = 50 + 10 ** (j % 3) * value;
    }
  }
  return { x, y, labels: ['normal'] };
}

type Data = ReturnType<typeof drawn>;

function create(options: object, data: Data) {
  const positives = [data.y.data.reduce((sum, value) => sum + value, 0)];
  const spec = { features: WIDTH, labels: ['normal'], samples: data.y.data.length, positives };
  const model = relevance.create(relevance.options.parse(options), spec, createTestContext({ loss }));
  if (!('probabilities' in model)) throw new TypeError('relevance gives logits');
  return model;
}

async function solve(options: object = {}, data = drawn(), context: Parameters<typeof createTestContext>[0] = {}) {
  const model = create(options, data);
  const solved = await model.solve?.(data, createTestContext(context));
  if (!solved) throw new TypeError('nothing was solved');
  return { model, ...solved };
}

function logits({ model, weights }: Awaited<ReturnType<typeof solve>>, { x }: Data): Float64Array {
  const tensors: Record<string, tf.Tensor> = Object.fromEntries(
    Object.entries(weights satisfies NdArrays).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]),
  );
  const z = model.network.forward(tensors, tf.tensor2d(x.data, x.shape as [number, number]), inferenceMode);
  return Float64Array.from(z.dataSync());
}

beforeAll(prepareTfGradients);

describe('relevance, logistic', () => {
  it('tells new images of both kinds apart, from features of any scale', async () => {
    const fitted = await solve();
    const held = drawn({ seed: 2 });
    const z = logits(fitted, held);
    // Two normal distributions whose means are 2 deviations apart: 0.921 for the best of all rules.
    expect(auroc(z, held.y.data)).toBeGreaterThan(0.87);
    // Balanced class weights: the boundary is in the middle, however few the others are.
    const right = (truth: number) => {
      const own = Array.from(z).filter((_, i) => held.y.data[i] === truth);
      return own.filter((value) => value > 0 === (truth === 1)).length / own.length;
    };
    expect(Math.min(right(0), right(1))).toBeGreaterThan(0.7);
  });

  it('says what it chose, and by what', async () => {
    const { notes } = await solve();
    expect(notes).toEqual([
      expect.stringMatching(
        /^C [\d.]+ and tolerance [\d.]+ were chosen of 14 pairs in 5 folds of the training images: log-loss 0\.\d+, AUROC 0\.\d+\.$/,
      ),
    ]);
  });

  it('takes the one value that it is given without comparing', async () => {
    const seen: string[] = [];
    const progress = { start: ({ name }: { name: string }) => (seen.push(name), { advance() {}, end() {} }) };
    const { notes } = await solve({ C: [1], tolerance: [0.001] }, drawn(), { progress });
    expect([notes, seen]).toEqual([[], []]);
  });

  it('reports its progress fit by fit', async () => {
    let fits = 0;
    const progress = { start: () => ({ advance: (count: number) => void (fits += count), end() {} }) };
    await solve({ C: [0.1, 1], tolerance: [0.01], folds: 4 }, drawn(), { progress });
    expect(fits).toBe(8);
  });

  it('does not depend on the order of what it tries', async () => {
    const one = await solve({ C: [0.01, 0.1, 1], tolerance: [0.01, 0.0001] });
    const other = await solve({ C: [1, 0.01, 0.1, 0.1], tolerance: [0.0001, 0.01] });
    expect(other.weights).toEqual(one.weights);
  });

  it.each([
    ['perfectly separable', {}, drawn({ shift: 30 }), 'All 160 training images are told apart without an error'],
    [
      'not solved in time',
      { maxIterations: 1, C: [1], tolerance: [1e-6] },
      drawn(),
      'did not come to its end in 1 iterations',
    ],
    ['best at an end', { C: [1e-6, 1e-5, 1e-4] }, drawn(), 'C 0.0001 is at an end of what was tried'],
    ['few of one kind', {}, drawn({ others: 3 }), '3 folds instead of 5'],
  ])('tells that a fit is %s', async (_, options, data, note) => {
    const { notes, weights } = await solve(options, data);
    expect(notes?.join('\n')).toContain(note);
    for (const { data: values } of Object.values(weights)) expect(values.every(Number.isFinite)).toBe(true);
  });

  it('refuses to compare with one image of a kind', async () => {
    await expect(solve({}, drawn({ others: 1 }))).rejects.toMatchObject({
      code: 'KINDRED_DATA_TOO_FEW',
      message:
        'The head relevance needs at least 2 training images of each kind to compare values of C. Of one kind there is 1.',
    });
  });

  it('gives finite weights for columns that do not vary', async () => {
    const data = drawn();
    data.x.data.forEach((_, i) => {
      if (i % WIDTH > 5) data.x.data[i] = 0.1;
    });
    const { weights } = await solve({}, data);
    // What float32's 0.1 leaves of its mean in float64.
    for (const value of Array.from(weights['output/kernel']?.data ?? []).slice(6)) expect(value).toBeCloseTo(0, 12);
  });

  it('stops in the middle on an abort', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('Ctrl-C')), 20);
    const endless = { C: Array.from({ length: 500 }, (_, i) => 10 + i), tolerance: [1e-9], folds: 30 };
    await expect(solve(endless, drawn(), { signal: controller.signal })).rejects.toThrow('Ctrl-C');
  });
});

describe('relevance keeps the contract', () => {
  const variants = [
    {},
    { C: [0.1], tolerance: [0.0001], classWeights: 'none' },
    { score: 'auroc', folds: 3 },
    { model: 'mlp' },
    { model: 'mlp', hidden: [8], dropout: 0, l2: 0.001, classWeights: 'none' },
  ];
  it.each(variants.flatMap((options) => headChecks.map((check) => [check.name, options, check] as const)))(
    '%s, with %j',
    async (_, options, { run }) => {
      await run(relevance, options);
    },
  );

  it.each([
    { C: [] },
    { C: [0] },
    { tolerance: [1] },
    { folds: 1 },
    { score: 'accuracy' },
    { model: 'svm' },
    { hidden: [8] },
    { model: 'mlp', C: [1] },
    { model: 'mlp', folds: 5 },
  ])('refuses the options %j', (options) => {
    expect(relevance.options.safeParse(options).success).toBe(false);
  });

  it('says of which model an option is', () => {
    expect(relevance.options.safeParse({ dropout: 0.2 }).error?.issues).toMatchObject([
      { path: ['dropout'], message: 'must be left out: it is an option of the model "mlp"' },
    ]);
  });
});
