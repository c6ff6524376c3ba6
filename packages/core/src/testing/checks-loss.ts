import * as tf from '@tensorflow/tfjs-core';

import { createRandom } from '../context/random.js';
import type { Loss, LossFunction } from '../plugin/contract.js';
import { prepareTfGradients } from '../tensor/tf-runtime.js';

import { type Check, expectThat } from './check.js';
import { LOSS_CASES, type LossCase, type LossCases } from './loss/cases.js';

/** What every loss must do, with logits, distances of pairs or triplets as its `of` says. */
export const lossChecks: readonly Check<Loss>[] = [
  {
    name: 'gives one loss for each element: each image and label, each pair, each triplet',
    async run(loss, options) {
      const { elementLoss, cases } = await create(loss, options);
      for (const { input, output } of cases.shapes) {
        const { shape } = tf.tidy(() => ({ shape: elementLoss(tf.ones([...input]), tf.zeros([...input])).shape }));
        expectThat(shape.join() === output.join(), {
          expected: `The loss of ${cases.what} [${input.join(', ')}] must have the shape [${output.join(', ')}].`,
          seen: `[${shape.join(', ')}]`,
          fix: 'Leave the mean to the head.',
        });
      }
    },
  },
  {
    name: 'is finite and not negative, however sure or wrong its input is',
    async run(loss, options) {
      const { elementLoss, cases } = await create(loss, options);
      const { values, gradient } = evaluate(elementLoss, cases, cases.extremes);
      cases.extremes.forEach(({ output, target }, i) => {
        const slopes = gradient.slice(i * output.length, (i + 1) * output.length);
        // A loss that reaches 0 may miss it by a rounding error.
        expectThat(isFinite(values[i]!) && values[i]! >= -1e-6 && slopes.every(isFinite), {
          expected: `A loss of ${cases.what} must be finite and not negative, and its gradient finite.`,
          seen: `loss ${values[i]}, gradient ${slopes.join(', ')} at ${output.join(', ')}, target ${target.join(', ')}`,
          fix: cases.advice,
        });
      });
    },
  },
  {
    name: 'is lower where right than where wrong',
    async run(loss, options) {
      const { elementLoss, cases } = await create(loss, options);
      for (const { right, wrong } of cases.judgements) {
        const [good, bad] = evaluate(elementLoss, cases, [right, wrong]).values;
        expectThat(good! < bad!, {
          expected: `With target ${right.target.join(', ')}, ${cases.what} of ${right.output.join(', ')} must cost less than ${wrong.output.join(', ')}.`,
          seen: `${good} against ${bad}`,
          fix: 'Check the sign of the loss and which side of the target is which.',
        });
      }
    },
  },
  {
    name: 'has the gradient that finite differences show',
    async run(loss, options) {
      const { elementLoss, cases } = await create(loss, options);
      const random = createRandom(1);
      const drawn = Array.from({ length: 40 }, (_, i) => cases.draw(random, i));
      const direction = drawn.map(({ output }) => output.map(() => random.normal()));
      const shifted = (h: number) => {
        const moved = drawn.map(({ output, target }, i) => ({
          output: output.map((value, j) => value + h * direction[i]![j]!),
          target,
        }));
        return evaluate(elementLoss, cases, moved).values;
      };
      const [ahead, behind] = [shifted(STEP), shifted(-STEP)];
      const slope = sum(ahead.map((value, i) => (value - behind[i]!) / (2 * STEP)));
      const { gradient } = evaluate(elementLoss, cases, drawn);
      const derivative = sum(direction.flat().map((value, i) => value * gradient[i]!));
      // Rounding leaves about 1e-7 / STEP for each element, curvature STEP^2.
      expectThat(Math.abs(slope - derivative) <= 2e-3 * Math.max(1, Math.abs(slope)), {
        expected: `The derivative of the loss in a random direction must be ${slope}, as finite differences show.`,
        seen: `${derivative}`,
        fix: 'Use differentiable tfjs ops; tf.customGrad and comparisons are where gradients go wrong.',
      });
    },
  },
];

const STEP = 1e-2;

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

async function create(loss: Loss, options: object = {}): Promise<{ elementLoss: LossFunction; cases: LossCases }> {
  await prepareTfGradients();
  return { elementLoss: loss.create(loss.options.parse(options)), cases: LOSS_CASES[loss.of ?? 'logits'] };
}

/** Losses of single elements, and the gradient of their sum, flat. */
function evaluate(elementLoss: LossFunction, { shape }: LossCases, cases: readonly LossCase[]) {
  const results = { values: [] as number[], gradient: [] as number[] };
  tf.tidy(() => {
    const tensor = (values: readonly (readonly number[])[]) => tf.tensor(values.flat(), shape(cases.length));
    const outputs = tensor(cases.map(({ output }) => output));
    const targets = tensor(cases.map(({ target }) => target));
    results.values = Array.from(elementLoss(outputs, targets).dataSync());
    results.gradient = Array.from(
      tf
        .grad((x: tf.Tensor) => tf.sum(elementLoss(x, targets)))(outputs)
        .dataSync(),
    );
  });
  return results;
}
