import { readFileSync } from 'node:fs';

import { prepareTfGradients, type Loss } from '@kindred/core';
import { lossChecks } from '@kindred/core/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { asymmetric } from './asymmetric.js';
import { binaryCrossEntropy } from './binary-cross-entropy.js';
import { focal } from './focal.js';

interface Case {
  readonly options: object;
  readonly values: readonly number[];
  readonly gradient: readonly number[];
}
interface Reference {
  readonly logits: readonly number[];
  readonly losses: Readonly<Record<string, readonly Case[]>>;
}

// tools/fixtures/make_training.py: PyTorch in double precision, each logit with target 0, then with target 1.
const reference = JSON.parse(readFileSync(new URL('./fixtures/losses.json', import.meta.url), 'utf8')) as Reference;
const logits = [...reference.logits, ...reference.logits];
const targets = logits.map((_, i) => (i < reference.logits.length ? 0 : 1));

/** Losses `[N]` and the gradient of their sum. */
function evaluate(loss: Loss, options: object) {
  const elementLoss = loss.create(loss.options.parse(options));
  const t = tf.tensor1d(targets);
  const gradient = tf.grad((z: tf.Tensor) => tf.sum(elementLoss(z, t)))(tf.tensor1d(logits));
  return { values: elementLoss(tf.tensor1d(logits), t).dataSync(), gradient: gradient.dataSync() };
}

/** Single precision has seven digits; three operations may each lose one of the last. */
function expectClose(values: ArrayLike<number>, expected: readonly number[]): void {
  expected.forEach((value, i) => {
    const error = Math.abs((values[i] ?? NaN) - value);
    expect(error, `logit ${logits[i]}, target ${targets[i]}`).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(value)));
  });
}

beforeAll(prepareTfGradients);

describe.each([binaryCrossEntropy, focal, asymmetric] as Loss[])('$name', (loss) => {
  const cases = reference.losses[loss.name] ?? [];

  it.each(cases.map((item) => [item.options, item] as const))('with %j has the values of PyTorch', (options, item) => {
    expectClose(evaluate(loss, options).values, item.values);
  });

  it.each(cases.map((item) => [item.options, item] as const))(
    'with %j has the gradient of PyTorch',
    (options, item) => {
      expectClose(evaluate(loss, options).gradient, item.gradient);
    },
  );

  it.each(lossChecks)('$name', async ({ run }) => {
    await run(loss);
  });
});

describe('options of losses', () => {
  it.each([
    [binaryCrossEntropy, { labelSmoothing: 1 }],
    [focal, { gamma: -1 }],
    [focal, { alpha: 1 }],
    [asymmetric, { margin: 1 }],
    [asymmetric, { gamma: 2 }],
  ] as [Loss, object][])('of $name refuse %j', (loss, options) => {
    expect(loss.options.safeParse(options).success).toBe(false);
  });

  it('keep the digits of a nearly perfect loss: no underflow to 0 at logit 20', () => {
    const elementLoss = binaryCrossEntropy.create({ labelSmoothing: 0 });
    const [value = NaN] = elementLoss(tf.tensor1d([20]), tf.tensor1d([1])).dataSync();
    expect(value / Math.log1p(Math.exp(-20))).toBeCloseTo(1, 5);
  });
});
