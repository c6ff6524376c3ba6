import * as tf from '@tensorflow/tfjs-core';

import { createRandom } from '../context/random.js';
import type { Loss, LossFunction } from '../plugin/contract.js';
import { prepareTfGradients } from '../tensor/tf-runtime.js';

import { type Check, expectThat } from './check.js';

/** What every loss must do. */
export const lossChecks: readonly Check<Loss>[] = [
  {
    name: 'gives one loss for each image and label',
    async run(loss, options) {
      const elementLoss = await create(loss, options);
      for (const shape of [
        [4, 3],
        [1, 3],
        [4, 1],
      ] as [number, number][]) {
        const values = tf.tidy(() => elementLoss(tf.ones(shape), tf.zeros(shape)).shape);
        expectThat(values.join() === shape.join(), {
          expected: `The loss of logits [${shape.join(', ')}] must have the same shape.`,
          seen: `[${values.join(', ')}]`,
          fix: 'Leave the mean to the head.',
        });
      }
    },
  },
  {
    name: 'is finite and not negative, however sure or wrong a logit is',
    async run(loss, options) {
      const elementLoss = await create(loss, options);
      for (const target of [0, 1]) {
        const { values, gradient } = evaluate(elementLoss, EXTREME_LOGITS, constant(target));
        EXTREME_LOGITS.forEach((logit, i) => {
          const seen = `loss ${values[i]}, gradient ${gradient[i]} at logit ${logit}, target ${target}`;
          // A loss that reaches 0 may miss it by a rounding error.
          expectThat(isFinite(values[i]!) && values[i]! >= -1e-6 && isFinite(gradient[i]!), {
            expected:
              'A loss must be finite and not negative, and its gradient finite, for logits up to 50 either way.',
            seen,
            fix: 'Compute from logits with tf.softplus instead of taking the logarithm of a probability.',
          });
        });
      }
    },
  },
  {
    name: 'is lower for a right than for a wrong logit',
    async run(loss, options) {
      const elementLoss = await create(loss, options);
      for (const target of [0, 1]) {
        const right = target === 1 ? 3 : -3;
        const [good, bad] = evaluate(elementLoss, [right, -right], constant(target)).values;
        expectThat(good! < bad!, {
          expected: `With target ${target}, the logit ${right} must cost less than ${-right}.`,
          seen: `${good} against ${bad}`,
          fix: 'Check the sign of the loss and which side of the target is which.',
        });
      }
    },
  },
  {
    name: 'has the gradient that finite differences show',
    async run(loss, options) {
      const elementLoss = await create(loss, options);
      const random = createRandom(1);
      const draw = () => Array.from({ length: 40 }, () => random.normal());
      const logits = draw().map((value) => 2 * value);
      const direction = draw();
      const targets = (i: number) => i % 2;
      const shifted = (h: number) =>
        evaluate(
          elementLoss,
          logits.map((value, i) => value + h * direction[i]!),
          targets,
        ).values;
      const [ahead, behind] = [shifted(STEP), shifted(-STEP)];
      const slope = sum(ahead.map((value, i) => (value - behind[i]!) / (2 * STEP)));
      const { gradient } = evaluate(elementLoss, logits, targets);
      const derivative = sum(gradient.map((value, i) => value * direction[i]!));
      // Rounding leaves about 1e-7 / STEP for each element, curvature STEP^2.
      expectThat(Math.abs(slope - derivative) <= 2e-3 * Math.max(1, Math.abs(slope)), {
        expected: `The derivative of the loss in a random direction must be ${slope}, as finite differences show.`,
        seen: `${derivative}`,
        fix: 'Use differentiable tfjs ops; tf.customGrad and comparisons are where gradients go wrong.',
      });
    },
  },
];

const EXTREME_LOGITS = [-50, -20, -5, -1, 0, 1, 5, 20, 50];
const STEP = 1e-2;

const constant = (target: number) => () => target;
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

async function create(loss: Loss, options: object = {}): Promise<LossFunction> {
  await prepareTfGradients();
  return loss.create(loss.options.parse(options));
}

/** Losses of single elements, and the gradient of their sum. */
function evaluate(elementLoss: LossFunction, logits: readonly number[], target: (i: number) => number) {
  const results = { values: [] as number[], gradient: [] as number[] };
  tf.tidy(() => {
    const z = tf.tensor2d([...logits], [logits.length, 1]);
    const t = tf.tensor2d(
      logits.map((_, i) => target(i)),
      [logits.length, 1],
    );
    results.values = Array.from(elementLoss(z, t).dataSync());
    results.gradient = Array.from(
      tf
        .grad((x: tf.Tensor) => tf.sum(elementLoss(x, t)))(z)
        .dataSync(),
    );
  });
  return results;
}
