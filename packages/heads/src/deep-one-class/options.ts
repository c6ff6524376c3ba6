import { z } from 'zod';

import { ACTIVATIONS } from '../dense/activations.js';

const activationNames = Object.keys(ACTIVATIONS) as [keyof typeof ACTIVATIONS];

export const deepOneClassOptions = z.strictObject({
  hidden: z
    .array(z.int().positive())
    .default([512])
    .describe(
      "Widths of the dense layers, the last of which gives the embedding. None: it is the backbone's feature, and a backbone that learns does all.",
    ),
  activation: z.enum(activationNames).default('relu').describe('Follows every dense layer.'),
  dropout: z.number().min(0).lt(1).default(0.5).describe('Share of inputs that each dense layer misses in training.'),
  lambda: z
    .number()
    .min(0)
    .default(0.1)
    .describe('How much the compactness of the wanted class counts beside telling the reference labels apart.'),
});

export type DeepOneClassOptions = z.output<typeof deepOneClassOptions>;
