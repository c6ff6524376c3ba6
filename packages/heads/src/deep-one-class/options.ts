import { z } from 'zod';

import { activationOption, dropoutOption, hiddenOption } from '../dense/options.js';

export const deepOneClassOptions = z.strictObject({
  hidden: hiddenOption
    .default([512])
    .describe(
      "Dense layers, the last of which gives the embedding: their widths, or an object for each that has a name or differs. None: it is the backbone's feature, and a backbone that learns does all.",
    ),
  activation: activationOption.default('relu').describe('Follows every dense layer that names none of its own.'),
  dropout: dropoutOption
    .default(0.5)
    .describe('Share of inputs that a dense layer misses in training, where it names none of its own.'),
  initializer: z
    .enum(['glorot-uniform', 'he-uniform'])
    .default('glorot-uniform')
    .describe('How kernels of the dense layers begin; that of the classifier is always glorot-uniform.'),
  lambda: z
    .number()
    .min(0)
    .default(0.1)
    .describe('How much the compactness of the wanted class counts beside telling the reference labels apart.'),
});
