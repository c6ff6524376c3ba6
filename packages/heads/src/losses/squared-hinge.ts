import { defineLoss } from '@kindred/core';
import { relu, square, type Tensor } from '@tensorflow/tfjs-core';
import { z } from 'zod';

import { slack } from './slack.js';

/** `max(1 - s z, 0)^2`, where `s` is 1 for a label that applies and -1 for one that does not: Keras' SquaredHinge. */
export const squaredHinge = defineLoss({
  name: 'squared-hinge',
  version: 1,
  summary: 'The square of the hinge loss: smooth, and stricter with logits that are far off.',
  options: z.strictObject({}),
  tags: { multiLabel: true },
  create: () => (logits: Tensor, targets: Tensor) => square(relu(slack(logits, targets))),
});
