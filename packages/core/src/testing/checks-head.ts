import { isDeepStrictEqual } from 'node:util';

import * as tf from '@tensorflow/tfjs-core';

import { createRandom } from '../context/random.js';
import type { Head } from '../plugin/contract.js';
import { float32 } from '../tensor/nd-array.js';
import { decodeSafetensors, encodeSafetensors } from '../tensor/safetensors.js';
import { toTensor } from '../tensor/tf-runtime.js';
import { inferenceMode } from '../training/mode.js';

import { type Check, expectThat } from './check.js';
import { extremeTargets, FEATURES, labelsOf, ROWS, rows, toy } from './head/data.js';
import { create, initial, learn, logits, lossOf } from './head/label-heads.js';
import { compute, tensorsOf } from './head/tensors.js';
import { solveChecks } from './head/solve-checks.js';

/**
 * What every head that gives logits must do; those with the tag `embedding` have `embeddingHeadChecks`. Options that refer to a loss
 * get binary cross-entropy, whatever they name.
 */
export const headChecks: readonly Check<Head>[] = [
  {
    name: 'begins with the same weights for the same seed',
    async run(head, options) {
      const { network } = await create(head, options);
      const [one, other] = [network.init(createRandom(3)), network.init(createRandom(3))];
      expectThat(isDeepStrictEqual(one, other), {
        expected: 'init must give the same weights for the same random stream.',
        seen: 'weights that differ',
        fix: 'Draw from the stream that init is given, and keep nothing between calls.',
      });
    },
  },
  {
    name: 'gives finite logits, one row for each image',
    async run(head, options) {
      const model = await create(head, options);
      for (const rows of [ROWS, 1]) {
        const { shape, data } = logits(model, initial(model), toy(head, rows).x);
        expectThat(shape.join() === [rows, labelsOf(head).length].join() && data.every(Number.isFinite), {
          expected: `forward must give finite logits [${rows}, ${labelsOf(head).length}] for features [${rows}, ${FEATURES}].`,
          seen: `[${shape.join(', ')}], ${data.every(Number.isFinite) ? 'finite' : 'not finite'}`,
          fix: 'The last layer must have spec.labels.length outputs; look for divisions by a spread that can be zero.',
        });
      }
    },
  },
  {
    name: 'treats each image by itself when it predicts',
    async run(head, options) {
      const model = await create(head, options);
      const { x } = toy(head);
      const together = logits(model, initial(model), x).data.slice(0, labelsOf(head).length);
      const alone = logits(model, initial(model), float32([1, FEATURES], x.data.slice(0, FEATURES))).data;
      // The order of float32 additions may differ with the batch's size.
      expectThat(
        together.every((value, i) => Math.abs(value - alone[i]!) <= 1e-5 * Math.max(1, Math.abs(value))),
        {
          expected: 'Outside of training, an image must get the same logits whichever images it is computed with.',
          seen: `${together.join(', ')} together, ${alone.join(', ')} alone`,
          fix: 'Use statistics of the batch only where mode.training is true; keep moving averages with mode.update.',
        },
      );
    },
  },
  {
    name: 'gives probabilities between 0 and 1',
    async run(head, options) {
      const model = await create(head, options);
      const values = [-50, -1, 0, 1, 50].flatMap((value) => new Array<number>(labelsOf(head).length).fill(value));
      const given = float32([5, labelsOf(head).length], values);
      const { shape, data } = compute(() => model.probabilities(toTensor(given)));
      expectThat(shape.join() === given.shape.join() && data.every((value) => value >= 0 && value <= 1), {
        expected: `probabilities must be [${given.shape.join(', ')}] in [0, 1].`,
        seen: `[${shape.join(', ')}]: ${data.join(', ')}`,
        fix: 'Use tf.sigmoid or tf.softmax, which no logit overflows.',
      });
    },
  },
  {
    name: 'has a finite scalar loss, also where no image or every image carries a label',
    async run(head, options) {
      const model = await create(head, options);
      const { x } = toy(head);
      for (const target of extremeTargets(head)) {
        const loss = compute(() => {
          const weights = tensorsOf(initial(model));
          const forward = model.network.forward(weights, toTensor(x), inferenceMode);
          return model.loss(forward, tf.tile(tf.tensor2d([[...target]]), [ROWS, 1]), weights);
        });
        expectThat(loss.shape.length === 0 && Number.isFinite(loss.data[0]), {
          expected: `The loss of a batch whose targets are all ${target.join(', ')} must be a finite scalar.`,
          seen: `${loss.data.join(', ')} of shape [${loss.shape.join(', ')}]`,
          fix: 'Reduce with tf.mean, and do not divide by a count that can be zero.',
        });
      }
    },
  },
  {
    name: 'has a loss that is the mean over images, unless it says that it is not splittable',
    async run(head, options) {
      const model = await create(head, options);
      if (model.splittable === false) return;
      const { x, y } = toy(head);
      const weights = initial(model);
      const whole = lossOf(model, weights, { x, y });
      const first = ROWS / 4;
      const [a, b] = [rows({ x, y }, 0, first), rows({ x, y }, first, ROWS)].map((part) =>
        lossOf(model, weights, part),
      );
      const mean = (a! * first + b! * (ROWS - first)) / ROWS;
      // Sums of single precision in another order.
      expectThat(Math.abs(mean - whole) <= 1e-5 * Math.max(1, Math.abs(whole)), {
        expected: `The loss of a batch, ${whole}, must be the mean of its parts' losses: large batches are computed in parts.`,
        seen: `${mean}`,
        fix: "Divide by the number of images, or state 'splittable: false' if the loss relates images to each other.",
      });
    },
  },
  {
    name: 'learns: its loss falls in 20 steps',
    async run(head, options) {
      const model = await create(head, options);
      const { before, after } = await learn(head, model);
      expectThat(after < before, {
        expected: `20 steps of gradient descent on separable data must bring the loss below ${before}.`,
        seen: `${after}`,
        fix: 'Check that logits reach the loss unchanged, and that weights are trainable.',
      });
    },
  },
  {
    name: 'gives the same logits after its weights were saved and loaded',
    async run(head, options) {
      const model = await create(head, options);
      const { x } = toy(head);
      const weights = initial(model);
      const loaded = decodeSafetensors(encodeSafetensors(weights), 'weights').arrays;
      expectThat(isDeepStrictEqual(logits(model, weights, x), logits(model, loaded, x)), {
        expected: 'Loaded weights must give what the saved ones gave.',
        seen: 'other logits',
        fix: 'Keep all that forward needs among the weights.',
      });
    },
  },
  ...solveChecks,
];
