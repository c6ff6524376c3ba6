import { readFileSync } from 'node:fs';

import { prepareTfGradients, type Loss } from '@kindred/core';
import { lossChecks } from '@kindred/core/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { contrastive } from './contrastive.js';
import { hinge } from './hinge.js';
import { meanSquaredError } from './mean-squared-error.js';
import { squaredHinge } from './squared-hinge.js';
import { triplet } from './triplet.js';

interface Case {
  readonly options: { readonly squared?: boolean };
  readonly values: readonly number[];
  readonly gradient: readonly number[] | readonly (readonly number[])[];
}
interface Reference {
  readonly logits: readonly number[];
  readonly distances: readonly number[];
  readonly triplets: readonly (readonly [number, number])[];
  readonly losses: Readonly<Record<string, readonly Case[]>>;
}

// tools/fixtures/make_metric_losses.py: PyTorch in double precision; logits and distances with target 0, then with target 1.
const reference = JSON.parse(
  readFileSync(new URL('./fixtures/metric-losses.json', import.meta.url), 'utf8'),
) as Reference;

/** What the loss is evaluated on: outputs and targets. */
function inputsOf(loss: Loss): [tf.Tensor, tf.Tensor] {
  if (loss.of === 'triplets') {
    const { triplets } = reference;
    return [tf.tensor2d(triplets.map((pair) => [...pair])), tf.tensor2d(triplets.map(() => [1, 0]))];
  }
  const once = loss.of === 'distances' ? reference.distances : reference.logits;
  return [tf.tensor1d([...once, ...once]), tf.concat([tf.zeros([once.length]), tf.ones([once.length])])];
}

/** Single precision has seven digits; three operations may each lose one of the last. */
function expectClose(values: ArrayLike<number>, expected: readonly number[], where: ArrayLike<number>): void {
  expected.forEach((value, i) => {
    const error = Math.abs((values[i] ?? NaN) - value);
    expect(error, `element ${i}, of ${where[i]}`).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(value)));
  });
}

beforeAll(prepareTfGradients);

describe.each([contrastive, triplet, hinge, squaredHinge, meanSquaredError] as Loss[])('$name', (loss) => {
  const cases = reference.losses[loss.name] ?? [];

  it.each(cases.map((item) => [item.options, item] as const))('with %j has the values of PyTorch', (options, item) => {
    const [outputs, targets] = inputsOf(loss);
    expectClose(loss.create(loss.options.parse(options))(outputs, targets).dataSync(), item.values, outputs.dataSync());
  });

  it.each(cases.map((item) => [item.options, item] as const))(
    'with %j has the gradient of PyTorch',
    (options, item) => {
      const elementLoss = loss.create(loss.options.parse(options));
      const [outputs, targets] = inputsOf(loss);
      const given = outputs.dataSync();
      const gradient = tf
        .grad((x: tf.Tensor) => tf.sum(elementLoss(x, targets)))(outputs)
        .dataSync();
      // PyTorch gets the distance itself as |a - b|, whose gradient at 0 it gives as 0.
      const expected = item.gradient.flat().map((value, i) => {
        const kink = options.squared === false && given[i] === 0;
        return kink ? (gradient[i] ?? NaN) : value;
      });
      expectClose(gradient, expected, given);
    },
  );

  it.each(lossChecks)('$name', async ({ run }) => {
    await run(loss);
  });
});

describe('options of losses', () => {
  it.each([
    [contrastive, { margin: 0 }],
    [contrastive, { margin: '1' }],
    [triplet, { margin: -0.2 }],
    [triplet, { alpha: 0.2 }],
    [triplet, { squared: 1 }],
    [hinge, { margin: 1 }],
    [squaredHinge, { margin: 1 }],
    [meanSquaredError, { from: 'logits' }],
  ] as [Loss, object][])('of losses refuse what they do not have (case %#)', (loss, options) => {
    expect(loss.options.safeParse(options).success).toBe(false);
  });

  it('of hinges and the squared error leave targets between 0 and 1 to count in parts', () => {
    const [z, half] = [tf.tensor1d([0.4]), tf.tensor1d([0.5])];
    const p = 1 / (1 + Math.exp(-0.4));
    expect(meanSquaredError.create({})(z, half).dataSync()[0]).toBeCloseTo((p - 0.5) ** 2, 6);
    // No side: the margin itself is missing.
    expect(hinge.create({})(z, half).dataSync()[0]).toBeCloseTo(1, 6);
  });

  it('of triplets do not depend on which of both distances comes first', () => {
    const loss = triplet.create({ margin: 0.2, squared: true });
    const swapped = loss(tf.tensor2d([[0.4, 0.3]]), tf.tensor2d([[0, 1]])).dataSync();
    expect(swapped).toEqual(loss(tf.tensor2d([[0.3, 0.4]]), tf.tensor2d([[1, 0]])).dataSync());
  });
});
