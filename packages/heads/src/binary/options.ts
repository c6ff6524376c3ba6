import { z } from 'zod';

import { multiLabelOptions } from '../multi-label/options.js';

export const binaryOptions = multiLabelOptions.omit({ classWeights: true }).extend({
  positive: z
    .string()
    .min(1)
    .optional()
    .describe(
      'The label whose logit is learned: losses that treat both sides differently take it for the positive one. Left out: the second.',
    ),
  classWeights: z
    .enum(['none', 'balanced'])
    .default('none')
    .describe(
      "What an image's loss is multiplied with: 1, or images / (2 * images of its label), so that both labels weigh the same.",
    ),
});

export type BinaryOptions = z.output<typeof binaryOptions>;
