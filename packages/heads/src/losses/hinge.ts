import { defineLoss } from '@kindred/core';
import { relu, type Tensor } from '@tensorflow/tfjs-core';
import { z } from 'zod';

import { slack } from './slack.js';

/** `max(1 - s z, 0)`, where `s` is 1 for a label that applies and -1 for one that does not: Keras' Hinge. */
export const hinge = defineLoss({
  name: 'hinge',
  version: 1,
  summary: 'Costs nothing from a logit of 1 on the right side on, and grows with its distance from there.',
  options: z.strictObject({}),
  tags: { multiLabel: true },
  create: () => (logits: Tensor, targets: Tensor) => relu(slack(logits, targets)),
});
